"""What a page must be for everybody's eyes, fingers and screen readers, measured in the browser."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

AXE = Axe().axe_script
RULES = """
() => axe.run(document, {resultTypes: ["violations"], rules: {"target-size": {enabled: true}}})
  .then((told) => told.violations.flatMap((one) => one.nodes.map((node) => `${one.id} at ${node.target}`)))
"""
# What may be pressed, but for links within a line of text and the box within its own large label.
TARGETS = """
() => {
  const LABEL = "label.choice";
  const seen = (node) => node.checkVisibility({checkVisibilityCSS: true}) && node.getClientRects().length;
  const told = (node, box, least) =>
    `${Math.round(box.width)}×${Math.round(box.height)}, not ${least}: ${node.outerHTML.slice(0, 90)}`;
  const within = (node) => {
    const around = node.closest("p, li, td, th, dd, figcaption");
    return getComputedStyle(node).display === "inline" && around
      && around.textContent.trim().length > node.textContent.trim().length;
  };
  const wrong = [];
  const pressed = `${LABEL}, a[href], button, input, select, textarea, summary`;
  for (const node of document.querySelectorAll(pressed)) {
    const label = node.closest(LABEL);
    if (!seen(node) || node.type === "hidden" || (label && label !== node)) continue;
    const box = node.getBoundingClientRect(), main = node.matches(".button-main, .card[href], label.choice");
    const least = main ? 48 : 24;
    if (node.matches(".skip") || (!main && node.matches("a") && within(node))) continue;
    if (box.width < least - 0.5 || box.height < least - 0.5) wrong.push(told(node, box, least));
  }
  return wrong;
}
"""
OVERFLOW = """
() => {
  const page = document.documentElement, most = page.clientWidth;
  if (page.scrollWidth <= most) return [];
  const sticksOut = (node) => node.getBoundingClientRect().right > most + 1;
  const wide = [...document.querySelectorAll("body *")].filter(sticksOut).slice(0, 3);
  return [`${page.scrollWidth} px wide: ${wide.map((node) => node.outerHTML.slice(0, 90)).join(" | ")}`];
}
"""


def audit(page: Page) -> list[str]:
    """Nothing, if axe-core finds no violation, nothing sticks out, and fingers meet what they aim at."""
    page.evaluate(AXE)
    return [*page.evaluate(RULES), *page.evaluate(OVERFLOW), *page.evaluate(TARGETS)]
