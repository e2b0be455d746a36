/* Reading tools without leaving the page. Without this file the same form loads the page anew. */
addEventListener("submit", async (event) => {
  const form = event.target, button = event.submitter;
  if (!form.matches("[data-tools]") || !button || button.name === "steps") return;
  event.preventDefault();
  const body = new FormData(form);
  body.append(button.name, button.value);
  try {
    const answer = await fetch(form.action, {method: "POST", body, headers: {"X-Requested-With": "fetch"}});
    if (!answer.ok) throw answer;
    document.documentElement.className = answer.headers.get("X-Profile-Class");
    const place = [...form.elements].indexOf(button), holder = form.parentNode;
    form.outerHTML = await answer.text();
    holder.querySelector("form").elements[place].focus();
    dispatchEvent(new Event("profile"));
  } catch { location.reload(); }
});
