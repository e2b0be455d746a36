/* "Đọc to": reads the parts marked data-speak, piece by piece, and shows where it is. */
(() => {
  const box = document.querySelector(".speak"), speech = window.speechSynthesis;
  const button = box.querySelector("button"), label = button.querySelector("span"), note = box.querySelector("[role=status]");
  const wanted = () => document.documentElement.classList.contains("is-speak");
  if (!speech || !window.SpeechSynthesisUtterance) {
    if (wanted()) note.textContent = note.dataset.none;
    return;
  }
  const start = label.textContent;
  let queue = [], timer, reading = 0;

  const pieces = () => [...document.querySelectorAll("[data-speak]")].flatMap((region) =>
    [...region.querySelectorAll("h1,h2,h3,p,li,legend,label,figcaption,dt,dd")].filter((piece) =>
      piece.checkVisibility?.() !== false && !piece.closest(".speak,[role=img]") && !piece.querySelector("p,li")));
  const voiceFor = (language) => speech.getVoices().find((voice) => voice.lang.toLowerCase().startsWith(language));

  function stop() {
    clearTimeout(timer);
    queue = [];
    reading += 1;
    speech.cancel();
    label.textContent = start;
    document.querySelectorAll(".speaking").forEach((piece) => piece.classList.remove("speaking"));
  }
  function giveUp() {
    stop();
    note.textContent = note.dataset.none;
  }
  function next() {
    document.querySelectorAll(".speaking").forEach((piece) => piece.classList.remove("speaking"));
    const piece = queue.shift(), mine = reading;
    if (!piece) return stop();
    const words = new SpeechSynthesisUtterance(piece.textContent.trim());
    words.lang = (piece.querySelector("[lang]") || piece.closest("[lang]")).lang === "en" ? "en-US" : "vi-VN";
    words.voice = voiceFor(words.lang.slice(0, 2)) || null;
    words.rate = .9;
    words.onstart = () => { clearTimeout(timer); piece.classList.add("speaking"); };
    words.onend = () => mine === reading && next();
    words.onerror = () => mine === reading && giveUp();
    speech.speak(words);
  }
  function read() {
    const language = document.querySelector("[data-speak]").closest("[lang]").lang;
    if (speech.getVoices().length && !voiceFor(language)) return giveUp();
    stop();
    note.textContent = "";
    queue = pieces();
    label.textContent = box.dataset.stop;
    timer = setTimeout(giveUp, 4000);
    next();
  }
  function tapped(event) {
    if (!wanted() || event.target.closest("a,button,input,label,select,textarea,summary")) return;
    removeEventListener("click", tapped);
    read();
  }

  button.hidden = false;
  button.addEventListener("click", () => (label.textContent === start ? read() : stop()));
  addEventListener("click", tapped);
  addEventListener("pagehide", stop);
  addEventListener("htmx:beforeSwap", stop);
  addEventListener("htmx:afterSettle", (event) => event.target.matches("[data-speak]") && wanted() && read());
  if (wanted()) navigator.userActivation?.hasBeenActive ? read() : (note.textContent = note.dataset.tap || "");
})();
