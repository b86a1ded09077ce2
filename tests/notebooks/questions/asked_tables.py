"""As courses ask: months, windows, time zones, merged and pivoted tables, categories, text."""

from .question import Question

QUESTIONS = [
    Question(
        "q_sales",
        """\
import pandas as pd
sales = pd.DataFrame({'day': pd.to_datetime(['2026-01-05', '2026-01-31', '2026-02-01', '2026-03-15']), 'shop': list('abab'), 'n': [1, 2, 3, 4]})
q_sales = sales.set_index('day').resample('MS')['n'].sum()""",
        """\
import pandas as pd
sales = pd.DataFrame({'day': pd.to_datetime(['2026-01-05', '2026-01-31', '2026-02-01', '2026-03-15']), 'shop': list('abab'), 'n': [1, 2, 3, 4]})
q_sales = sales.groupby(pd.Grouper(key='day', freq='MS')).n.sum()""",
        """\
import pandas as pd
sales = pd.DataFrame({'day': pd.to_datetime(['2026-01-05', '2026-01-31', '2026-02-01', '2026-03-15']), 'shop': list('abab'), 'n': [1, 2, 3, 4]})
q_sales = sales.groupby(sales.day.dt.month).n.sum()""",
        """\
import pandas as pd
pd.testing.assert_series_equal(q_sales, pd.Series([3, 3, 4], pd.date_range('2026-01-01', periods=3, freq='MS', name='day'), name='n'), check_freq=False)""",
    ),
    Question(
        "q_rolling",
        """\
import pandas as pd
s = pd.Series([1, 2, 4, 8.0], pd.date_range('2026-01-01', periods=4))
q_rolling = s.rolling(2).mean()""",
        """\
import pandas as pd
s = pd.Series([1, 2, 4, 8.0], pd.date_range('2026-01-01', periods=4))
q_rolling = (s + s.shift()) / 2""",
        """\
import pandas as pd
s = pd.Series([1, 2, 4, 8.0], pd.date_range('2026-01-01', periods=4))
q_rolling = s.rolling(2, min_periods=1).mean()""",
        """\
import pandas as pd
pd.testing.assert_series_equal(q_rolling, pd.Series([None, 1.5, 3, 6], pd.date_range('2026-01-01', periods=4)))""",
    ),
    Question(
        "q_tz",
        """\
import pandas as pd
q_tz = pd.Series(pd.to_datetime(['2026-03-29 00:30', '2026-03-29 01:30'])).dt.tz_localize('UTC').dt.tz_convert('Europe/Berlin')""",
        """\
import pandas as pd
q_tz = pd.Series(pd.to_datetime(['2026-03-29 00:30', '2026-03-29 01:30'], utc=True)).dt.tz_convert('Europe/Berlin')""",
        """\
import pandas as pd
q_tz = pd.Series(pd.to_datetime(['2026-03-29 00:30', '2026-03-29 01:30']))""",
        "assert str(q_tz.dt.tz) == 'Europe/Berlin' and q_tz.dt.hour.tolist() == [1, 3] and (q_tz[1] - q_tz[0]).total_seconds() == 3600",
    ),
    Question(
        "q_merge",
        """\
import pandas as pd
left = pd.DataFrame({'id': [1, 2, 3], 'x': list('abc')}); right = pd.DataFrame({'id': [2, 3, 4], 'y': [20, 30, 40]})
q_merge = left.merge(right, how='outer', indicator=True)""",
        """\
import pandas as pd
left = pd.DataFrame({'id': [1, 2, 3], 'x': list('abc')}); right = pd.DataFrame({'id': [2, 3, 4], 'y': [20, 30, 40]})
q_merge = pd.merge(left, right, on='id', how='outer', indicator='_merge').sort_values('id')""",
        """\
import pandas as pd
left = pd.DataFrame({'id': [1, 2, 3], 'x': list('abc')}); right = pd.DataFrame({'id': [2, 3, 4], 'y': [20, 30, 40]})
q_merge = left.merge(right)""",
        "assert q_merge['_merge'].value_counts().to_dict() == {'both': 2, 'left_only': 1, 'right_only': 1} and q_merge.shape == (4, 4) and q_merge._merge.dtype == 'category'",
    ),
    Question(
        "q_pivot",
        """\
import pandas as pd
t = pd.DataFrame({'city': list('xxyy'), 'year': [1, 2, 1, 2], 'n': [1, 2, 3, 4]})
q_pivot = t.pivot(index='city', columns='year', values='n')""",
        """\
import pandas as pd
t = pd.DataFrame({'city': list('xxyy'), 'year': [1, 2, 1, 2], 'n': [1, 2, 3, 4]})
q_pivot = t.set_index(['city', 'year']).n.unstack()""",
        """\
import pandas as pd
t = pd.DataFrame({'city': list('xxyy'), 'year': [1, 2, 1, 2], 'n': [1, 2, 3, 4]})
q_pivot = t.pivot(index='year', columns='city', values='n')""",
        "assert q_pivot.loc['y', 2] == 4 and list(q_pivot.columns) == [1, 2] and q_pivot.index.name == 'city' and q_pivot.T.loc[1].tolist() == [1, 3]",
    ),
    Question(
        "q_transform",
        """\
import pandas as pd
def q_transform(df):
    return df.assign(z=df.groupby('g')['v'].transform(lambda v: (v - v.mean()) / v.std(ddof=0)))""",
        """\
import pandas as pd
def q_transform(df):
    parts = [p.assign(z=(p.v - p.v.mean()) / p.v.std(ddof=0)) for _, p in df.groupby('g')]
    return pd.concat(parts).loc[df.index]""",
        """\
def q_transform(df):
    df['z'] = (df.v - df.v.mean()) / df.v.std(ddof=0)
    return df""",
        """\
import pandas as pd
df = pd.DataFrame({'g': list('abab'), 'v': [1.0, 10, 3, 30]})
out = q_transform(df)
assert out.z.tolist() == [-1, -1, 1, 1] and list(df.columns) == ['g', 'v']""",
    ),
    Question(
        "q_multi",
        """\
import pandas as pd
q_multi = pd.DataFrame({'n': range(4)}, index=pd.MultiIndex.from_product([['a', 'b'], [1, 2]], names=['k', 'i']))""",
        """\
import pandas as pd
q_multi = pd.DataFrame([('a', 1, 0), ('a', 2, 1), ('b', 1, 2), ('b', 2, 3)], columns=['k', 'i', 'n']).set_index(['k', 'i'])""",
        """\
import pandas as pd
q_multi = pd.DataFrame({'n': range(4)}, index=['a1', 'a2', 'b1', 'b2'])""",
        "assert q_multi.loc[('b', 1), 'n'] == 2 and q_multi.xs(2, level='i').n.tolist() == [1, 3] and q_multi.groupby(level='k').n.sum().to_dict() == {'a': 1, 'b': 5}",
    ),
    Question(
        "q_cat",
        """\
import pandas as pd
q_cat = pd.cut(pd.Series([1, 25, 60]), [0, 18, 50, 99], labels=['young', 'adult', 'old'])""",
        """\
import pandas as pd
q_cat = pd.Series(pd.Categorical(['young', 'adult', 'old'], ['young', 'adult', 'old'], ordered=True))""",
        """\
import pandas as pd
q_cat = pd.Series(['young', 'adult', 'old'])""",
        "assert q_cat.cat.ordered and q_cat.cat.categories.tolist() == ['young', 'adult', 'old'] and (q_cat > 'young').tolist() == [False, True, True]",
    ),
    Question(
        "q_apply",
        """\
import pandas as pd
def q_apply(df):
    return df.apply(lambda row: row['a'] * 10 + row['b'], axis=1)""",
        """\
def q_apply(df):
    return df.eval('a * 10 + b')""",
        """\
def q_apply(df):
    return df.a * 10""",
        """\
import pandas as pd
pd.testing.assert_series_equal(q_apply(pd.DataFrame({'a': [1, 2], 'b': [3, 4]})), pd.Series([13, 24]), check_names=False)""",
    ),
    Question(
        "q_csv",
        """\
import pandas as pd, io
q_csv = pd.read_csv(io.StringIO('when;x\\n01.02.2026;1,5\\n02.02.2026;n/a'), sep=';', decimal=',', parse_dates=['when'], dayfirst=True)""",
        """\
import pandas as pd
q_csv = pd.DataFrame({'when': pd.to_datetime(['2026-02-01', '2026-02-02']), 'x': [1.5, None]})""",
        """\
import pandas as pd, io
q_csv = pd.read_csv(io.StringIO('when;x\\n01.02.2026;1,5\\n02.02.2026;n/a'), sep=';')""",
        """\
import numpy as np
assert q_csv.x.dtype == float and np.isnan(q_csv.x[1]) and q_csv.when.dt.day.tolist() == [1, 2]""",
    ),
    Question(
        "q_clean",
        """\
import pandas as pd
def q_clean(df):
    return (df.rename(columns=str.lower).drop_duplicates().dropna(subset=['name']).assign(name=lambda d: d.name.str.strip().str.title()).reset_index(drop=True))""",
        """\
import pandas as pd
def q_clean(df):
    df = df.copy()
    df.columns = [c.lower() for c in df]
    df = df[~df.duplicated() & df['name'].notna()]
    df['name'] = [n.strip().title() for n in df['name']]
    df.index = range(len(df))
    return df""",
        """\
def q_clean(df):
    return df.dropna()""",
        """\
import pandas as pd
raw = pd.DataFrame({'Name': [' ada ', ' ada ', None, 'BOB'], 'N': [1, 1, 2, None]})
got = q_clean(raw)
assert got.name.tolist() == ['Ada', 'Bob'] and got.n.isna().sum() == 1 and got.index.tolist() == [0, 1] and list(raw) == ['Name', 'N']""",
    ),
    Question(
        "q_corr",
        """\
import pandas as pd, numpy as np
q_corr = pd.DataFrame({'a': [1, 2, 3, 4], 'b': [2, 4, 5, 9]}).corr()""",
        """\
import pandas as pd, numpy as np
q_corr = pd.DataFrame(np.corrcoef([[1, 2, 3, 4], [2, 4, 5, 9]]), list('ab'), list('ab'))""",
        """\
import numpy as np
q_corr = np.corrcoef([1, 2, 3, 4], [2, 4, 5, 9])""",
        """\
import numpy as np
assert np.isclose(q_corr.loc['a', 'b'], 0.9648, atol=1e-3) and np.isclose(q_corr['a']['a'], 1)""",
    ),
    Question(
        "q_style",
        """\
import pandas as pd
q_style = pd.Period('2026-02', 'M')""",
        """\
import pandas as pd
q_style = pd.Timestamp('2026-02-14').to_period('M')""",
        """\
import pandas as pd
q_style = pd.Timestamp('2026-02')""",
        "assert q_style.days_in_month == 28 and str(q_style + 1) == '2026-03' and q_style.start_time.day == 1",
    ),
]
