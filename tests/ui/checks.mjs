// What is asserted of every window: nothing cut or wider than its place, and (preview) nothing focusable.
// Both functions run in the page.

/** Elements whose content is wider or higher than they are, and text that is cut without a title. */
export function findClipped() {
  const faults = [];
  const name = (element) => `${element.tagName.toLowerCase()}.${[...element.classList].filter((word) => !word.startsWith("svelte-")).join(".")} “${(element.textContent ?? "").trim().slice(0, 40)}”`;
  const root = document.documentElement;
  if (root.scrollWidth > root.clientWidth) faults.push(`the window scrolls sideways: ${root.scrollWidth} > ${root.clientWidth}`);
  for (const element of document.body.querySelectorAll("*")) {
    const style = getComputedStyle(element);
    if (element.closest("svg, .unseen") || style.clipPath !== "none") continue;
    if (style.display === "inline" || style.visibility === "hidden") continue;
    const over = element.scrollWidth - element.clientWidth;
    if (over <= 1 || element.clientWidth === 0) continue;
    const cut = style.textOverflow === "ellipsis";
    if (cut && (element.title || element.querySelector("[title]") || element.closest("[title]"))) continue;
    if (element.matches("input, textarea") || style.overflowX === "auto") continue;
    faults.push(`${name(element)} is ${over} px too narrow`);
  }
  const pen = document.createElement("canvas").getContext("2d");
  for (const select of document.querySelectorAll("select")) {
    const style = getComputedStyle(select);
    const arrow = 24;
    const room = select.clientWidth - parseFloat(style.paddingLeft) - parseFloat(style.paddingRight) - arrow;
    pen.font = style.font;
    for (const option of select.options) {
      const over = Math.round(pen.measureText(option.text).width - room);
      if (over > 0) faults.push(`the choice “${option.text}” is ${over} px too long`);
    }
  }
  for (const button of document.querySelectorAll("button")) {
    if (button.scrollHeight - button.clientHeight > 1) faults.push(`${name(button)} is too low`);
  }
  return faults;
}

/** Everything that Tab could reach. The preview has none. */
export function findFocusable() {
  const all = document.querySelectorAll("a[href], button, input, select, textarea, summary, [tabindex], [contenteditable]");
  return [...all].filter((element) => element.tabIndex >= 0 && !element.disabled).map((element) => element.outerHTML.slice(0, 120));
}
