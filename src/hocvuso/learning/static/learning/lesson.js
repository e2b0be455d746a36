/* Answers without leaving the lesson. An answer given without a signal is kept on the device and sent later: each
   carries its own id (a UUIDv7 that tells when), so the server counts it once however often it arrives. */
(() => {
  const STORE = "hvs_answers", MOST = 60, AGAIN_MS = 20000;
  const box = document.getElementById("kiem-tra"), slot = document.getElementById("cua-toi");
  const form = box?.querySelector("form"), note = form?.querySelector("[role=status]");
  const headers = {"X-Requested-With": "fetch"}, deeds = {};
  let timer;

  function kept(change) {
    try {
      const answers = JSON.parse(localStorage.getItem(STORE) || "[]");
      if (change) localStorage.setItem(STORE, JSON.stringify(change(answers).slice(-MOST)));
      return answers;
    } catch { return []; }
  }
  function newDeed() {
    const bytes = crypto.getRandomValues(new Uint8Array(10));
    bytes[0] = bytes[0] & 15 | 112;
    bytes[2] = bytes[2] & 63 | 128;
    const hex = (number, length) => number.toString(16).padStart(length, "0");
    const all = hex(Date.now(), 12) + Array.from(bytes, (byte) => hex(byte, 2)).join("");
    return all.replace(/(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
  }
  function tell(text) {
    note.textContent = text;
    note.className = text && "notice";
  }
  async function send({to, body}) {
    const response = await fetch(to, {method: "POST", headers, body: new URLSearchParams(body)});
    if (response.status > 499) throw response;
    return response;
  }
  async function refresh() {
    try {
      const response = slot && await fetch(slot.dataset.src, {headers});
      if (response?.ok) slot.innerHTML = await response.text();
    } catch { /* the page is whole without it */ }
  }
  async function show(response) {
    box.innerHTML = await response.text();
    box.querySelector("h2").focus();
    refresh();
  }
  async function sendKept() {
    clearTimeout(timer);
    for (const answer of kept()) {
      let response;
      try {
        response = await send(answer);
      } catch {
        if (answer.to === form?.action) tell(form.dataset.kept);
        timer = setTimeout(sendKept, AGAIN_MS);
        return;
      }
      kept((answers) => answers.filter((one) => one.body.deed !== answer.body.deed));
      if (!form?.isConnected) continue;
      if (answer.to === form.action && response.ok) await show(response);
      else tell(form.dataset.sent);
    }
  }

  box?.addEventListener("submit", async (event) => {
    event.preventDefault();
    const choice = new FormData(form).get("choice"), deed = deeds[choice] ??= newDeed();
    try {
      const response = await send({to: form.action, body: {choice, deed}});
      response.ok ? show(response) : form.submit();
    } catch {
      const owner = slot?.querySelector("[data-owner]")?.dataset.owner || "";
      const answer = {to: form.action, body: {choice, deed, late: 1, owner}};
      kept((answers) => [...answers.filter((one) => one.body.deed !== deed), answer]);
      tell(form.dataset.kept);
      timer = setTimeout(sendKept, AGAIN_MS);
    }
  });
  box?.addEventListener("click", (event) => {
    if (!event.target.closest("[data-again]")) return;
    event.preventDefault();
    form.reset();
    tell("");
    for (const choice in deeds) delete deeds[choice];
    box.replaceChildren(form);
    form.querySelector("input").focus();
  });
  addEventListener("online", sendKept);
  refresh().then(sendKept);
})();
