/* Small comforts; the page works without them. No answer and no article text is put into the page here. */
(() => {
  const wide = () => window.matchMedia("(min-width: 1024px)").matches;
  const box = () => document.querySelector("#tk-question textarea");
  const calm = () => window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  const gently = () => (calm() ? "auto" : "smooth");
  let came = null; /* the reference that led into the article */
  let last = "";

  const showArticle = () => {
    const tab = document.querySelector("#tk-tabs button[role=tab]");
    if (tab && tab.getAttribute("aria-selected") !== "true") tab.click();
  };

  /* A new answer: show it from its question on, show its words in the article, give the question box the focus back. */
  const settle = () => {
    const side = document.querySelector("#tk-article");
    const mark = side && side.querySelector("mark");
    if (mark && wide()) {
      const room = side.getBoundingClientRect();
      const top = side.scrollTop + mark.getBoundingClientRect().top - room.top - room.height / 3;
      side.scrollTo({ top, behavior: gently() });
    }
    const asked = [...document.querySelectorAll('#tk-log [data-testid="user"]')].pop();
    const log = document.querySelector("#tk-log .bubble-wrap");
    if (asked && log && wide()) {
      const top = log.scrollTop + asked.getBoundingClientRect().top - log.getBoundingClientRect().top - 16;
      log.scrollTo({ top, behavior: gently() });
    } else if (asked) {
      asked.scrollIntoView({ block: "start", behavior: gently() });
    }
    if (wide() && document.activeElement === document.body && box()) box().focus({ preventScroll: true });
  };

  const goTo = (place) => {
    place.scrollIntoView({ block: wide() ? "nearest" : "start", behavior: gently() });
    if (!/^(A|BUTTON|TEXTAREA|INPUT)$/.test(place.tagName)) place.setAttribute("tabindex", "-1");
    place.focus({ preventScroll: true });
  };

  /* A reference leads to its paragraph and shows it; the way back leads to the reference. */
  document.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target : null;
    const copy = at && at.closest(".tk-copy");
    if (copy) return copyQuotes(copy);
    if (at && at.closest("#tk-print")) return window.print();
    const link = at && at.closest("a.tk-ref, a.tk-jump, a.tk-back, a.tk-skip");
    if (!link) return;
    event.preventDefault();
    if (link.matches(".tk-back")) return goTo(came && came.isConnected ? came : document.getElementById("tk-log"));
    if (link.matches(".tk-skip")) return box() && box().focus();
    if (link.matches(".tk-ref")) {
      came = link;
      showArticle();
    }
    setTimeout(() => {
      const place = document.getElementById(link.getAttribute("href").slice(1));
      if (place) goTo(place);
    }, 60);
  });

  /* The quotes of an answer with headline and source, ready to be pasted. */
  const copyQuotes = (button) => {
    const message = button.closest("[data-testid]") || document;
    const quotes = [...message.querySelectorAll(".tk-quote")].map((quote) => quote.innerText.trim());
    const head = document.querySelector(".tk-headline");
    const trust = document.querySelector(".tk-trust");
    const source = [head && head.innerText, trust && trust.innerText].filter(Boolean).map((words) => words.trim());
    const said = button.textContent;
    const done = () => {
      button.textContent = "✓ " + said;
      setTimeout(() => { button.textContent = said; }, 1500);
    };
    if (navigator.clipboard) navigator.clipboard.writeText([...quotes, ...source].join("\n")).then(done, () => {});
  };

  /* Both ends of a citation light up together. */
  const lit = (event, on) => {
    const link = event.target instanceof Element && event.target.closest("a.tk-ref");
    const place = link && document.getElementById(link.getAttribute("href").slice(1));
    if (place) place.classList.toggle("tk-lit", on);
  };
  document.addEventListener("mouseover", (event) => lit(event, true));
  document.addEventListener("mouseout", (event) => lit(event, false));

  document.addEventListener("keydown", (event) => {
    const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName);
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && box()) {
      event.preventDefault();
      box().focus();
    }
    if (event.key === "Enter" && document.activeElement === box() && !event.shiftKey) last = box().value;
    if (event.key === "ArrowUp" && document.activeElement === box() && !box().value && last) {
      event.preventDefault();
      box().value = last;
      box().dispatchEvent(new Event("input", { bubbles: true }));
    }
  });

  /* What the page hands over is saved as a file by the browser itself. */
  let kept = "";
  const save = (handed) => {
    if (handed.id === kept) return;
    kept = handed.id;
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([handed.textContent], { type: "text/plain;charset=utf-8" }));
    link.download = handed.title;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  };

  let waiting = 0;
  let seen = 0;
  const watch = () => {
    const answers = document.querySelectorAll("#tk-log .tk-answer").length;
    if (answers !== seen) {
      seen = answers;
      clearTimeout(waiting);
      waiting = setTimeout(settle, 150);
    }
    /* Gradio names each message by its markup; what is in it reads better. */
    document.querySelectorAll("#tk-log [data-testid][aria-label]").forEach((message) => message.removeAttribute("aria-label"));
    const handed = document.querySelector("#tk-out .tk-saved");
    if (handed) save(handed);
    const thai = document.querySelector('#tk-language input[value="ไทย"]');
    if (thai) document.documentElement.lang = thai.checked ? "th" : "en";
  };
  new MutationObserver(watch).observe(document.documentElement, { childList: true, subtree: true });
})();
