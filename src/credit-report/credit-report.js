(() => {
  const page = document.documentElement;
  const speak = (language) => {
    page.lang = language === "en" ? "en" : "zh-CN";
  };
  if (location.hash === "#~en") speak("en");
  document.getElementById("language").addEventListener("click", () => {
    const next = page.lang === "en" ? "zh" : "en";
    history.replaceState(null, "", next === "en" ? "#~en" : "#");
    speak(next);
  });
})();
