"""As courses ask: text, dates, files, tables of text, logs, random numbers."""

from .question import Question

QUESTIONS = [
    Question(
        "p_regex",
        """\
import re
def p_regex(text):
    return [m.groupdict() for m in re.finditer(r'(?P<user>[\\w.]+)@(?P<host>[\\w.]+\\w)', text)]""",
        """\
import re
p_mail = re.compile(r'(?P<user>[a-zA-Z0-9_.]+)@(?P<host>[a-zA-Z0-9_.]+[a-zA-Z0-9])')
def p_regex(text):
    out, at = [], 0
    while m := p_mail.search(text, at):
        out.append({'user': m['user'], 'host': m['host']})
        at = m.end()
    return out""",
        """\
import re
def p_regex(text):
    return re.findall(r'([\\w.]+)@([\\w.]+\\w)', text)""",
        "assert p_regex('a.b@c.org, d@e.de.') == [{'user': 'a.b', 'host': 'c.org'}, {'user': 'd', 'host': 'e.de'}]",
    ),
    Question(
        "p_format",
        """\
def p_format(rows):
    return '\\n'.join(f'{name:<10}|{price:>8.2f}|{share:6.1%}' for name, price, share in rows)""",
        """\
def p_format(rows):
    line = '{:<10}|{:>8.2f}|{:6.1%}'
    return '\\n'.join(line.format(*row) for row in rows)""",
        """\
def p_format(rows):
    return '\\n'.join(f'{name}|{price}|{share}' for name, price, share in rows)""",
        "assert p_format([('tea', 2.5, .125), ('coffee', 13, 1)]) == 'tea       |    2.50| 12.5%\\ncoffee    |   13.00|100.0%'",
    ),
    Question(
        "p_zone",
        """\
from zoneinfo import ZoneInfo
from datetime import datetime
p_zone = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo('Europe/Berlin'))""",
        """\
import zoneinfo, datetime as dt
p_zone = dt.datetime(2026, 7, 1, 10, tzinfo=dt.timezone.utc).astimezone(zoneinfo.ZoneInfo('Europe/Berlin'))""",
        """\
from datetime import datetime, timezone
p_zone = datetime(2026, 7, 1, 10, tzinfo=timezone.utc)""",
        "assert p_zone.tzname() == 'CEST' and p_zone.tzinfo.key == 'Europe/Berlin' and p_zone.timestamp() == 1782900000.0",
    ),
    Question(
        "p_age",
        """\
from datetime import date
def p_age(born, today=None):
    today = today or date.today()
    return today.year - born.year - ((today.month, today.day) < (born.month, born.day))""",
        """\
import datetime
def p_age(born, today=None):
    if today is None: today = datetime.date.today()
    years = today.year - born.year
    return years if born.replace(year=2000) <= today.replace(year=2000) else years - 1""",
        """\
def p_age(born, today=None):
    return (today - born).days // 365""",
        """\
from datetime import date
assert p_age(date(2000, 2, 29), date(2026, 2, 28)) == 25 and p_age(date(2000, 1, 1), date(2040, 1, 1)) == 40
assert p_age(date(1900, 12, 31), date(2000, 12, 30)) == 99 and p_age(date.today()) == 0""",
    ),
    Question(
        "p_csv",
        """\
import csv
def p_csv(path):
    with open(path, newline='') as f:
        return {row['name']: float(row['score']) for row in csv.DictReader(f)}""",
        """\
import csv, pathlib
def p_csv(path):
    rows = list(csv.reader(pathlib.Path(path).read_text().splitlines()))
    n, s = rows[0].index('name'), rows[0].index('score')
    return {r[n]: float(r[s]) for r in rows[1:]}""",
        """\
def p_csv(path):
    lines = open(path).read().splitlines()[1:]
    return {l.split(',')[0]: float(l.split(',')[1]) for l in lines}""",
        """\
from pathlib import Path
Path('p_names.csv').write_text('name,score\\n"Hopper, Grace",9.5\\nAda,10\\n')
assert p_csv('p_names.csv') == {'Hopper, Grace': 9.5, 'Ada': 10.0}
assert p_csv(Path('p_names.csv'))['Ada'] == 10
Path('p_names.csv').unlink()""",
    ),
    Question(
        "p_tree",
        """\
from pathlib import Path
def p_tree(root):
    return sorted(p.relative_to(root).as_posix() for p in Path(root).rglob('*.py'))""",
        """\
import os
def p_tree(root):
    out = []
    for folder, _, files in os.walk(root):
        out += [os.path.relpath(os.path.join(folder, f), root).replace(os.sep, '/') for f in files if f.endswith('.py')]
    return sorted(out)""",
        """\
from pathlib import Path
def p_tree(root):
    return sorted(p.name for p in Path(root).glob('*.py'))""",
        """\
import tempfile, pathlib
with tempfile.TemporaryDirectory() as d:
    d = pathlib.Path(d)
    (d / 'a' / 'b').mkdir(parents=True)
    for name in ('x.py', 'a/y.py', 'a/b/z.txt', 'a/b/z.py'):
        (d / name).touch()
    assert p_tree(d) == ['a/b/z.py', 'a/y.py', 'x.py']""",
    ),
    Question(
        "p_encoder",
        """\
import json
class p_encoder(json.JSONEncoder):
    def default(self, o):
        if isinstance(o, (set, frozenset)): return sorted(o)
        return super().default(o)""",
        """\
from json import JSONEncoder
class p_encoder(JSONEncoder):
    def default(self, o):
        try:
            return list(sorted(o))
        except TypeError:
            return JSONEncoder.default(self, o)""",
        """\
import json
class p_encoder(json.JSONEncoder):
    def default(self, o):
        return str(o)""",
        """\
import json
assert json.dumps({'a': {2, 1}}, cls=p_encoder) == '{"a": [1, 2]}'
try:
    json.dumps(object(), cls=p_encoder)
except TypeError: pass
else: assert False""",
        stub="""\
class p_encoder:
    pass""",
    ),
    Question(
        "p_logger",
        """\
import logging
p_logger = logging.getLogger('p_shop')
p_logger.setLevel(logging.INFO)
p_handler = logging.FileHandler('p_shop.log', mode='w')
p_handler.setFormatter(logging.Formatter('%(levelname)s:%(message)s'))
p_logger.addHandler(p_handler)""",
        """\
import logging, sys
p_logger = logging.Logger('p_shop', 'INFO')
p_stream = open('p_shop.log', 'w', buffering=1)
p_h = logging.StreamHandler(p_stream)
p_h.setFormatter(logging.Formatter('{levelname}:{message}', style='{'))
p_logger.addHandler(p_h)""",
        """\
import logging
logging.basicConfig(level=logging.INFO)
p_logger = logging.getLogger('p_shop')""",
        """\
p_logger.debug('not shown')
p_logger.info('sold %d', 3)
assert open('p_shop.log').read() == 'INFO:sold 3\\n'""",
    ),
    Question(
        "p_seeded",
        """\
import random
def p_seeded(seed, n):
    rng = random.Random(seed)
    return [rng.randint(1, 6) for _ in range(n)]""",
        """\
import random
def p_seeded(seed, n):
    state = random.getstate()
    random.seed(seed)
    out = [random.randint(1, 6) for _ in range(n)]
    random.setstate(state)
    return out""",
        """\
import random
def p_seeded(seed, n):
    random.seed(seed)
    return [random.randint(1, 6) for _ in range(n)]""",
        """\
import random
random.seed(7); before = random.random()
random.seed(7)
dice = p_seeded(1, 5)
assert random.random() == before, 'the global generator has moved'
assert dice == p_seeded(1, 5) and dice != p_seeded(2, 5) and set(dice) <= set(range(1, 7))""",
    ),
    Question(
        "p_zip",
        """\
import zipfile, io
def p_zip(files):
    b = io.BytesIO()
    with zipfile.ZipFile(b, 'w') as z:
        for name, text in files.items(): z.writestr(name, text)
    return b.getvalue()""",
        """\
from io import BytesIO
from zipfile import ZipFile, ZIP_DEFLATED
def p_zip(files):
    out = BytesIO()
    z = ZipFile(out, 'w', ZIP_DEFLATED)
    [z.writestr(*f) for f in files.items()]
    z.close()
    return out.getvalue()""",
        """\
def p_zip(files):
    return str(files).encode()""",
        """\
import zipfile, io
z = zipfile.ZipFile(io.BytesIO(p_zip({'a.txt': 'hi', 'b/c.txt': 'x'})))
assert z.namelist() == ['a.txt', 'b/c.txt'] and z.read('a.txt') == b'hi' and z.testzip() is None""",
    ),
]
