(() => {
  const page = document.documentElement;
  const speak = () => {
    page.lang = location.hash.endsWith("~en") ? "en" : "zh-CN";
  };
  document.getElementById("language").addEventListener("click", () => {
    const place = location.hash.slice(1).split("~")[0];
    const next = page.lang === "en" ? "" : "~en";
    history.replaceState(null, "", `#${place}${next}`);
    speak();
  });
  document.addEventListener("click", (event) => {
    const link = event.target.closest?.('a[href^="#"]');
    if (!link) return;
    event.preventDefault();
    const place = link.getAttribute("href").slice(1);
    history.pushState(null, "", `#${place}${page.lang === "en" ? "~en" : ""}`);
    document.getElementById(place)?.scrollIntoView();
  });
  addEventListener("hashchange", speak);
  speak();
})();
