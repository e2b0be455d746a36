/* An answer that did not get through: say so beside the button and keep the choice. A refusal: send the form anew. */
(() => {
  const say = () => {
    const box = document.querySelector("[data-lost]"), words = document.createElement("p");
    words.textContent = box.dataset.lost;
    box.className = "notice notice-mind";
    box.replaceChildren(words);
  };
  /* A tap on a numbered place of the drawn screen chooses it below. */
  addEventListener("click", (event) => {
    const mark = event.target.closest("#question .phone .mark");
    const marks = [...document.querySelectorAll("#question .choice .mark")];
    marks.find((one) => mark && one.textContent === mark.textContent)?.closest("label").click();
  });
  addEventListener("htmx:sendError", say);
  addEventListener("htmx:timeout", say);
  addEventListener("htmx:responseError", (event) => event.target.submit());
})();
