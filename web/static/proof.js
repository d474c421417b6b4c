// Comfort for the page of proofs; it works without it. While a verification runs, the page shows how far it is.

async function look() {
  const shown = document.getElementById("proof");
  const answer = await fetch(location.pathname, { headers: { Accept: "text/html" } });
  if (!answer.ok) return;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const now = page.getElementById("proof");
  if (!now) return;
  shown.replaceWith(now);
  if ("running" in now.dataset) setTimeout(look, 2000);
  else document.querySelector(".headline").replaceWith(page.querySelector(".headline"));
}

if ("running" in document.getElementById("proof").dataset) setTimeout(look, 2000);
