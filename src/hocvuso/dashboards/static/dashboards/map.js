// The picture of the map becomes one that answers: point at a dot and its name stands below.
(function () {
  const box = document.getElementById("map");
  const line = document.getElementById("map-line");
  const holder = document.createElement("div");
  const tell = (handler, event, item, value) => {
    line.textContent = value ? Object.values(value).join(": ") : line.dataset.empty;
  };
  fetch(box.dataset.spec)
    .then((answer) => answer.json())
    .then((spec) =>
      window.vegaEmbed(holder, spec, {
        renderer: "canvas", actions: false, defaultStyle: false, tooltip: tell,
        ast: true, expr: window.vega.expressionInterpreter,
      })
    )
    .then(() => box.replaceChildren(holder))
    .catch(() => { line.hidden = true; }); // the picture stays
})();
