/* Small comforts; the page works without them. No answer and no article text is put into the page here. */
(() => {
  const wide = () => window.matchMedia("(min-width: 1024px)").matches;
  const box = () => document.querySelector("#tk-question textarea");
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;

  /* A new answer: show it from its question on, show its words in the article, give the question box the focus back. */
  const settle = () => {
    const side = document.querySelector("#tk-article");
    const mark = side && side.querySelector("mark");
    if (mark && wide()) {
      const room = side.getBoundingClientRect();
      const top = side.scrollTop + mark.getBoundingClientRect().top - room.top - room.height / 3;
      side.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
    }
    const asked = [...document.querySelectorAll('#tk-log [data-testid="user"]')].pop();
    const log = document.querySelector("#tk-log .bubble-wrap");
    if (asked && log && wide()) {
      const top = log.scrollTop + asked.getBoundingClientRect().top - log.getBoundingClientRect().top - 16;
      log.scrollTo({ top, behavior: calm() ? "auto" : "smooth" });
    } else if (asked) {
      asked.scrollIntoView({ block: "start", behavior: calm() ? "auto" : "smooth" });
    }
    if (wide() && document.activeElement === document.body && box()) box().focus({ preventScroll: true });
  };

  /* A reference in an answer leads to its paragraph, and shows it. */
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element && event.target.closest("a.tk-ref, a.tk-jump");
    if (!link) return;
    const place = document.getElementById(link.getAttribute("href").slice(1));
    if (!place) return;
    event.preventDefault();
    place.scrollIntoView({ block: wide() ? "nearest" : "start", behavior: calm() ? "auto" : "smooth" });
    place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
  });

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && box()) {
      event.preventDefault();
      box().focus();
    }
  });

  let waiting = 0;
  let seen = 0;
  const watch = () => {
    const answers = document.querySelectorAll("#tk-log .tk-answer").length;
    if (answers !== seen) {
      seen = answers;
      clearTimeout(waiting);
      waiting = setTimeout(settle, 250);
    }
    /* Gradio names each message by its markup; what is in it reads better. */
    document.querySelectorAll("#tk-log [data-testid][aria-label]").forEach((message) => message.removeAttribute("aria-label"));
    const thai = document.querySelector('#tk-language input[value="ไทย"]');
    if (thai) document.documentElement.lang = thai.checked ? "th" : "en";
  };
  new MutationObserver(watch).observe(document.documentElement, { childList: true, subtree: true });
})();
