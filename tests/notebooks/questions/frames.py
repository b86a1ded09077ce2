"""Answers that are data frames and series, and functions that get or give some."""

from .question import Question

_TABLE = """\
import pandas as pd
table = pd.DataFrame(
    {
        "layer": ["Conv2D", "Dense", "Conv2D", "Dense"],
        "kernel": [3.0, None, 5.0, None],
        "count": [320, 5130, 832, 650],
        "made": ["2026-01-31", "2026-02-28", "2026-02-01", "2025-12-24"],
    }
)"""
_FRAME = "pd.testing.assert_frame_equal"
_SERIES = "pd.testing.assert_series_equal"


def _function(name: str, right: str, other: str, wrong: str, test: str) -> Question:
    head = f"def {name}(frame):\n    "
    stub = f"def {name}(frame):\n    raise NotImplementedError"
    answers = ((head + body.replace("\n", "\n    ")) for body in (right, other, wrong))
    return Question(name, *answers, test, stub=stub)


QUESTIONS = [
    Question(
        "d_frame",
        "d_frame = table[['layer', 'count']].head(2)",
        "d_frame = pd.DataFrame({'layer': ['Conv2D', 'Dense'], 'count': [320, 5130]})",
        "d_frame = table[['count', 'layer']].head(2)",
        f"{_FRAME}(d_frame, pd.DataFrame({{'layer': ['Conv2D', 'Dense'], 'count': [320, 5130]}}))",
        given=_TABLE,
    ),
    Question(
        "d_dtype",
        "d_dtype = table.assign(count=table['count'].astype('int32'))",
        "d_dtype = table.astype({'count': 'int32'})",
        "d_dtype = table",
        "assert str(d_dtype['count'].dtype) == 'int32' and d_dtype.shape == (4, 4)",
    ),
    Question(
        "d_filtered",
        "d_filtered = table[table['count'] > 600]",
        "d_filtered = table.query('count > 600')",
        "d_filtered = table[table['count'] > 600].reset_index(drop=True)",
        f"{_FRAME}(d_filtered, table.iloc[1:])",
    ),
    Question(
        "d_grouped",
        "d_grouped = table.groupby('layer')['count'].sum()",
        "d_grouped = table.pivot_table(values='count', index='layer', aggfunc='sum')['count']",
        "d_grouped = table.groupby('layer')['count'].mean()",
        "assert d_grouped['Conv2D'] == 1152 and d_grouped.to_dict() == {'Conv2D': 1152, 'Dense': 5780}",
    ),
    Question(
        "d_many",
        "d_many = table.groupby('layer').agg(most=('count', 'max'), rows=('count', 'size'))",
        "parts = table.groupby('layer')['count']\nd_many = pd.DataFrame({'most': parts.max(), 'rows': parts.count()})",
        "d_many = table.groupby('layer', as_index=False).agg(most=('count', 'max'), rows=('count', 'size'))",
        "assert list(d_many.index) == ['Conv2D', 'Dense']\n"
        f"{_FRAME}(d_many, pd.DataFrame({{'most': [832, 5130], 'rows': [2, 2]}}, index=d_many.index))",
    ),
    Question(
        "d_series",
        "d_series = table.set_index('made')['count']",
        "d_series = pd.Series(table['count'].to_numpy(), index=pd.Index(table['made'], name='made'), name='count')",
        "d_series = table['count']",
        "assert d_series.loc['2026-02-01'] == 832 and d_series.index.name == 'made' and d_series.name == 'count'",
    ),
    Question(
        "d_missing",
        "d_missing = table['kernel'].isna().sum()",
        "d_missing = len(table) - table['kernel'].count()",
        "d_missing = table['kernel'].count() + 1",
        "assert d_missing == 2",
    ),
    Question(
        "d_filled",
        "d_filled = table['kernel'].fillna(0)",
        "d_filled = table['kernel'].where(table['kernel'].notna(), 0.0)",
        "d_filled = table['kernel'].dropna()",
        f"{_SERIES}(d_filled, pd.Series([3.0, 0, 5, 0], name='kernel'))\nassert d_filled.isna().sum() == 0",
    ),
    Question(
        "d_dates",
        "d_dates = pd.to_datetime(table['made'])",
        "from datetime import datetime\nd_dates = table['made'].map(datetime.fromisoformat)",
        "d_dates = table['made']",
        "assert d_dates.dt.month.tolist() == [1, 2, 2, 12] and d_dates.max() == pd.Timestamp('2026-02-28')",
    ),
    Question(
        "d_index",
        "d_index = pd.date_range('2026-01-31', periods=3, freq='D')",
        "d_index = pd.DatetimeIndex(['2026-01-31', '2026-02-01', '2026-02-02'], freq='D')",
        "d_index = ['2026-01-31', '2026-02-01', '2026-02-02']",
        "assert d_index[-1] == pd.Timestamp('2026-02-02') and d_index.freqstr == 'D'",
    ),
    Question(
        "d_merged",
        "d_merged = table.merge(pd.DataFrame({'layer': ['Dense'], 'axes': [1]}), how='left')",
        "axes = {'Dense': 1}\nd_merged = table.assign(axes=table['layer'].map(axes))",
        "d_merged = table.merge(pd.DataFrame({'layer': ['Dense'], 'axes': [1]}))",
        "assert d_merged['axes'].fillna(0).tolist() == [0, 1, 0, 1] and len(d_merged) == 4",
    ),
    Question(
        "d_file",
        "table.to_csv('d_file.csv', index=False)\nd_file = 'd_file.csv'",
        "import csv\nd_file = 'd_file.csv'\nwith open(d_file, 'w', newline='') as f:\n    rows = csv.writer(f)\n    rows.writerow(table.columns)\n    rows.writerows(table.astype(object).where(table.notna(), '').values.tolist())",
        "table.to_csv('d_file.csv')\nd_file = 'd_file.csv'",
        f"{_FRAME}(pd.read_csv(d_file, dtype={{'made': table['made'].dtype, 'layer': table['layer'].dtype}}), table)",
    ),
    Question(
        "d_text",
        "d_text = table[['layer', 'count']].to_csv(index=False)",
        "d_text = 'layer,count\\n' + ''.join(f'{a},{b}\\n' for a, b in zip(table['layer'], table['count']))",
        "d_text = table[['layer', 'count']].to_csv()",
        "assert d_text.splitlines() == ['layer,count', 'Conv2D,320', 'Dense,5130', 'Conv2D,832', 'Dense,650']",
    ),
    _function(
        "d_pure",
        "return frame.assign(double=frame['count'] * 2)",
        "new = frame.copy()\nnew['double'] = new['count'] + new['count']\nreturn new",
        "frame['double'] = frame['count'] * 2\nreturn frame",
        "given = table.copy()\nassert d_pure(given)['double'].tolist() == [640, 10260, 1664, 1300]\n"
        f"{_FRAME}(given, table)",
    ),
    _function(
        "d_in_place",
        "frame.pop('made')",
        "del frame['made']",
        "return frame.drop(columns=['made'])",
        "given = table.copy()\nassert d_in_place(given) is None\nassert list(given) == ['layer', 'kernel', 'count']",
    ),
    _function(
        "d_means",
        "return frame.groupby('layer')['count'].mean().sort_values()",
        "means = {name: part['count'].mean() for name, part in frame.groupby('layer')}\nreturn pd.Series(means).sort_values()",
        "return frame.groupby('layer')['count'].mean().sort_values(ascending=False)",
        f"{_SERIES}(d_means(table), pd.Series([576.0, 2890.0], ['Conv2D', 'Dense']), check_names=False)",
    ),
    _function(
        "d_share",
        "return (frame['count'] / frame['count'].sum()).round(3).tolist()",
        "total = sum(frame['count'])\nreturn [round(n / total, 3) for n in frame['count']]",
        "return (frame['count'] / frame['count'].max()).round(3).tolist()",
        "assert d_share(table) == [0.046, 0.74, 0.12, 0.094]",
    ),
    Question(
        "d_kept",
        "d_kept = table.copy()",
        "d_kept = table[:]",
        "table.loc[0, 'count'] = 0\nd_kept = table",
        f"{_FRAME}(d_kept, table)\nassert table['count'].sum() == 6932",
    ),
]
