"""The notebook's cells In [5] to In [18] as functions of its DataFrame: the same pandas calls, ending in plain numbers
instead of pictures.

SPDX-License-Identifier: GPL-2.0-or-later
"""
import datetime

import pandas

# The notebook's frequency 'S'; later pandas spell it 's'.
SECOND = pandas.tseries.frequencies.to_offset("1s").freqstr
COLUMNS = ["nap", "uap", "lap", "type", "payload", "to_master", "time"]


def data_frame(rows):
    """Cell In [4]. Times are local, without their fraction, as datetime.fromtimestamp gives them."""
    data = [dict(row, time=datetime.datetime.fromtimestamp(row["time"])) for row in rows]
    return pandas.DataFrame(data, columns=COLUMNS)


def _numbers(series):
    return {key: int(value) for key, value in series.items()}


def _over_time(frame):
    """{column: [counts]} of a DataFrame of counts over time."""
    return {column: [int(value) for value in frame[column]] for column in frame.columns}


def in_6(df):
    return df["time"].max(), df["time"].min()


def in_7(df):
    seen = df.groupby("lap")
    seen = seen.size()
    return _numbers(seen[seen > 1])


def in_8(df):
    pkt_count = df[df["type"].notnull()]
    pkt_count = pkt_count.groupby("lap")
    return _numbers(pkt_count.size())


def in_9(df):
    type_count = df[df["type"].notnull()]
    type_count = type_count.groupby("type")
    return _numbers(type_count.size())


def in_10(df):
    lap_type_count = df[df["type"].notnull()]
    lap_type_count = lap_type_count.groupby(["lap", "type"])
    lap_type_count = lap_type_count.size()
    lap_type_count = lap_type_count.unstack(1).fillna(value=0)
    return {lap: _numbers(lap_type_count.loc[lap]) for lap in lap_type_count.index}


def in_11(df):
    """([seconds], [packets]); the notebook draws an empty second as a gap, which is no packet."""
    ts_seen = df.groupby(["time"])
    ts_seen = ts_seen.size()
    ts_seen = ts_seen.asfreq(SECOND)
    return list(ts_seen.index), [int(value) for value in ts_seen.fillna(value=0)]


def _ts_seen(df):
    ts_seen = df.groupby(["time", "lap"])
    ts_seen = ts_seen.size()
    ts_seen = ts_seen.unstack(1)
    ts_seen = ts_seen.asfreq(SECOND)
    return ts_seen.fillna(value=0)


def in_12(df):
    return _over_time(_ts_seen(df[:300]))


def in_13(df):
    return _over_time(_ts_seen(df[:300]).cumsum())


def _ts_type(df):
    ts_type = df[df["type"].notnull()]
    ts_type = ts_type.groupby(["time", "type"])
    ts_type = ts_type.size()
    ts_type = ts_type.unstack(1)
    ts_type = ts_type.asfreq(SECOND)
    return ts_type.fillna(value=0)


def in_14(df):
    return _over_time(_ts_type(df))


def in_15(df):
    return _over_time(_ts_type(df).cumsum())


def in_16(df):
    laps = df[df["type"].notnull()]
    laps = laps.groupby("lap")
    return set(laps.indices.keys())


def _ts_lap_type(df, sample_lap):
    sample_lap_packets = df[df["lap"] == sample_lap]
    ts_lap_type = sample_lap_packets[sample_lap_packets["type"].notnull()]
    ts_lap_type = ts_lap_type.groupby(["time", "lap", "type"])
    ts_lap_type = ts_lap_type.size()
    ts_lap_type = ts_lap_type.unstack(1)
    ts_lap_type = ts_lap_type.unstack(1)
    ts_lap_type = ts_lap_type.asfreq(SECOND)
    ts_lap_type = ts_lap_type.fillna(value=0)
    return ts_lap_type[sample_lap]


def in_17(df, sample_lap):
    return _over_time(_ts_lap_type(df, sample_lap))


def in_18(df, sample_lap):
    return _over_time(_ts_lap_type(df, sample_lap).cumsum())
