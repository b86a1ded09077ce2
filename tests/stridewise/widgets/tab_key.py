"""Walks through a widget with the Tab key."""

from browser_fixtures import open_details

# Where the focus is, how it is shown, and whether it is a control of the widget.
FOCUSED = """() => {
  const at = document.activeElement;
  if (!at.closest(".sw")) return null;
  const { outlineStyle, outlineWidth, boxShadow } = getComputedStyle(at);
  at.dataset.reached = "yes";
  return (outlineStyle !== "none" && parseFloat(outlineWidth) >= 1) || boxShadow !== "none";
}"""
MISSED = """() => [...document.querySelectorAll(
  ".sw :is(button, input, select, summary, textarea, a[href], [tabindex='0'])")]
  .filter((one) => one.checkVisibility({ visibilityProperty: true }))
  .filter((one) => !one.disabled && one.tabIndex >= 0)
  .filter((one) => !one.dataset.reached)
  .map((one) => one.outerHTML.slice(0, 120))"""


def tab_through(page):
    """Press Tab until the focus has left the widget; every control was reached, and showed it."""
    open_details(page)
    seen = []
    for _ in range(300):
        page.keyboard.press("Tab")
        visible = page.evaluate(FOCUSED)
        if visible is None:
            break
        seen.append(visible)
    assert len(seen) > 1
    assert all(seen)
    assert page.evaluate(MISSED) == []
    page.keyboard.press("Shift+Tab")
    assert page.evaluate(FOCUSED)  # the focus is in the widget again
