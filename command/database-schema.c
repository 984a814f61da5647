/* database-schema.c: see database-schema.h.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "database-schema.h"

#include <string.h>

const struct btbb_database_table btbb_database_tables[] = {
    {"clients", BTBB_VIEW_LAP},
    {"channels", BTBB_VIEW_CHANNEL},
    {"links", BTBB_VIEW_LINKS},
    {"findings", BTBB_VIEW_FINDINGS},
};
const size_t btbb_database_table_count = G_N_ELEMENTS(btbb_database_tables);

/* The DataFrame as the notebook has it. Times are local ones without their fraction. */
static void append_data_frame(GString *sql)
{
    g_string_append_printf(
        sql,
        "CREATE VIEW in_4 AS SELECT printf('%%02x:%%02x', notebook >> %d, notebook >> %d & 255) AS nap,"
        " printf('%%02x', notebook >> %d & 255) AS uap, lap,"
        " CASE WHEN notebook & %d THEN coalesce(type_name, 'NULL') END AS type,"
        " notebook & %d > 0 AS payload,"
        " CASE WHEN notebook & %d THEN notebook & %d > 0 END AS to_master, NULL AS name,"
        " replace(substr(time, 1, 19), 'T', ' ') AS time FROM packets ORDER BY id;\n",
        BTBB_NOTEBOOK_NAP_SHIFT + 8, BTBB_NOTEBOOK_NAP_SHIFT, BTBB_NOTEBOOK_UAP_SHIFT, BTBB_NOTEBOOK_HAS_TYPE,
        BTBB_NOTEBOOK_PAYLOAD, BTBB_NOTEBOOK_HAS_TO_MASTER, BTBB_NOTEBOOK_TO_MASTER);
}

/* Made from the DataFrame as the notebook's cells are. */
static const char notebook_views[] =
    "CREATE VIEW in_5 AS SELECT * FROM in_4 LIMIT 5;\n"
    "CREATE VIEW in_6 AS SELECT max(time) AS last, min(time) AS first FROM in_4;\n"
    "CREATE VIEW in_7 AS SELECT lap, count(*) AS packets FROM in_4 GROUP BY lap HAVING count(*) > 1 ORDER BY lap;\n"
    "CREATE VIEW in_8 AS SELECT lap, count(*) AS packets FROM in_4 WHERE type IS NOT NULL GROUP BY lap ORDER BY lap;\n"
    "CREATE VIEW in_9 AS SELECT type, count(*) AS packets FROM in_4 WHERE type IS NOT NULL GROUP BY type"
    " ORDER BY type;\n"
    "CREATE VIEW in_10 AS SELECT lap, type, count(*) AS packets FROM in_4 WHERE type IS NOT NULL GROUP BY lap, type"
    " ORDER BY lap, type;\n"
    "CREATE VIEW in_11 AS SELECT time, count(*) AS packets FROM in_4 GROUP BY time ORDER BY time;\n"
    "CREATE VIEW in_12 AS SELECT time, lap, count(*) AS packets FROM (SELECT * FROM in_4 LIMIT 300)"
    " GROUP BY time, lap ORDER BY time, lap;\n"
    "CREATE VIEW in_13 AS SELECT time, lap, sum(packets) OVER (PARTITION BY lap ORDER BY time) AS packets FROM in_12"
    " ORDER BY time, lap;\n"
    "CREATE VIEW in_14 AS SELECT time, type, count(*) AS packets FROM in_4 WHERE type IS NOT NULL GROUP BY time, type"
    " ORDER BY time, type;\n"
    "CREATE VIEW in_15 AS SELECT time, type, sum(packets) OVER (PARTITION BY type ORDER BY time) AS packets FROM in_14"
    " ORDER BY time, type;\n"
    "CREATE VIEW in_16 AS SELECT DISTINCT lap FROM in_4 WHERE type IS NOT NULL ORDER BY lap;\n"
    "CREATE VIEW in_17 AS SELECT lap, time, type, count(*) AS packets FROM in_4 WHERE type IS NOT NULL"
    " GROUP BY lap, time, type ORDER BY lap, time, type;\n"
    "CREATE VIEW in_18 AS SELECT lap, time, type,"
    " sum(packets) OVER (PARTITION BY lap, type ORDER BY time) AS packets FROM in_17 ORDER BY lap, time, type;\n";

static const char *type_of(enum btbb_value_kind kind)
{
    switch (kind) {
    case BTBB_VALUE_COUNT:
    case BTBB_VALUE_FLAG:
        return "INTEGER";
    case BTBB_VALUE_REAL:
    case BTBB_VALUE_EPOCH:
    case BTBB_VALUE_DURATION:
        return "REAL";
    case BTBB_VALUE_NONE:
    case BTBB_VALUE_TEXT:
    case BTBB_VALUE_TIME:
        break;
    }
    return "TEXT";
}

GArray *btbb_database_packet_columns(void)
{
    const struct btbb_columns *packets = &btbb_columns[BTBB_VIEW_PACKETS];
    GArray *columns = g_array_new(FALSE, FALSE, sizeof(struct btbb_database_column));
    for (size_t i = 0; i < packets->count; i++) {
        const struct btbb_column_info *info = &packets->columns[i];
        struct btbb_database_column column = {info->key, info->kind, btbb_packet_column_find(info->key)};
        if (column.write)
            g_array_append_val(columns, column);
    }
    return columns;
}

/* The file is a column of captures. */
static void append_columns(GString *sql, const struct btbb_column_info *columns, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (columns[i].only != BTBB_ONLY_TABLES && strcmp(columns[i].key, "file") != 0)
            g_string_append_printf(sql, ", \"%s\" %s", columns[i].key, type_of(columns[i].kind));
}

char *btbb_database_create_tables(void)
{
    GString *sql = g_string_new("CREATE TABLE captures (id INTEGER PRIMARY KEY, file TEXT NOT NULL, sha256 TEXT UNIQUE,"
                                " bytes INTEGER, complete INTEGER NOT NULL");
    append_columns(sql, btbb_summary_rows, BTBB_SUMMARY_ROWS);
    g_string_append(
        sql, ");\nCREATE TABLE packets (id INTEGER PRIMARY KEY, capture INTEGER NOT NULL, notebook INTEGER NOT NULL");
    GArray *packets = btbb_database_packet_columns();
    for (guint i = 0; i < packets->len; i++) {
        const struct btbb_database_column *column = &g_array_index(packets, struct btbb_database_column, i);
        g_string_append_printf(sql, ", \"%s\" %s", column->name, type_of(column->kind));
    }
    g_array_unref(packets);
    for (size_t i = 0; i < btbb_database_table_count; i++) {
        const struct btbb_columns *columns = &btbb_columns[btbb_database_tables[i].view];
        g_string_append_printf(sql, ");\nCREATE TABLE %s (capture INTEGER NOT NULL", btbb_database_tables[i].name);
        append_columns(sql, columns->columns, columns->count);
    }
    g_string_append(sql, ");\n");
    append_data_frame(sql);
    g_string_append(sql, notebook_views);
    return g_string_free(sql, FALSE);
}

char *btbb_database_create_indexes(void)
{
    return g_strdup("CREATE INDEX packets_lap ON packets (lap);\nCREATE INDEX packets_epoch ON packets (epoch);\n");
}

char *btbb_database_insert_packet(const GArray *columns)
{
    GString *sql = g_string_new("INSERT INTO packets (capture, notebook");
    for (guint i = 0; i < columns->len; i++)
        g_string_append_printf(sql, ", \"%s\"", g_array_index(columns, struct btbb_database_column, i).name);
    g_string_append(sql, ") VALUES (?, ?");
    for (guint i = 0; i < columns->len; i++)
        g_string_append(sql, ", ?");
    g_string_append_c(sql, ')');
    return g_string_free(sql, FALSE);
}
