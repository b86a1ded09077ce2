"""Cells that try to run a script in whatever page shows them."""

from course_builder import given

HTML = "<script>alert('text')</script><img src=x onerror=alert('image')>"
SHOWN = {"output_type": "display_data", "metadata": {}, "data": {"text/html": HTML}}
ATTACHED = {"a.svg": {"image/svg+xml": HTML}}
PICTURE = {"a.png": {"image/png": "iVBORw0KGgo="}}
PAGES = {
    "markdown": given(HTML, "markdown"),
    "raw": given(HTML, "raw"),
    "raw-html": given(HTML, "raw") | {"metadata": {"raw_mimetype": "text/html"}},
    "code": given(HTML),
    "link": given(
        "[x](javascript:alert(1)) [y](java&#115;cript:alert(1)) [z](java&amp;#115;cript:alert(1))",
        "markdown",
    ),
    "escaped": given(r"[x](javascript\:alert(1)) ![y](javascript\:alert(1))", "markdown"),
    "defined": given("[x][r] [r]\n\n[r]: javascript\\:alert(1)\n", "markdown"),
    "in-a-table": given("|a|b|\n|-|-|\n|[x](vbscript\\:a)|[y](data\\:text/html,a)|\n", "markdown"),
    "in-a-list": given("- [x](file\\:///etc/passwd)\n    - [y](blob\\:a)\n", "markdown"),
    "math": given(r"$\href{javascript:alert(1)}{x}$", "markdown"),
    "output": given("1") | {"outputs": [SHOWN]},
    "id": given("x", "markdown") | {"id": '"><script>alert(1)</script>'},
    "picture": given("![a](attachment:a.png)", "markdown") | {"attachments": PICTURE},
    "attachment": given("![a](attachment:a.svg)", "markdown") | {"attachments": ATTACHED},
}
