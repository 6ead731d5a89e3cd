"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const orders = data.orders;
  const PAGE = 60;
  const ROW_PX = 300;
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const byId = (id) => document.getElementById(id);

  // Elements are built, never parsed: no text of a sheet can become markup.
  const el = (tag, attributes, ...children) => {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value === undefined || value === null || value === false) continue;
      node.setAttribute(name, value === true ? "" : String(value));
    }
    for (const child of children.flat()) {
      if (child !== undefined && child !== null && child !== "") node.append(child);
    }
    return node;
  };
  const icon = (path) => {
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const line = document.createElementNS(space, "path");
    line.setAttribute("d", path);
    svg.append(line);
    return svg;
  };
  const ICONS = {
    play: "M8 5v14l11-7z",
    copy: "M9 9h11v11H9zM5 15H4V4h11v1",
    check: "m5 12 5 5 9-10",
  };
  const href = (path) => path.split("/").map(encodeURIComponent).join("/");
  const words = (text) => text.replace(/_/g, " ");
  const several = (count, one, many) => `${count.toLocaleString("en")} ${count === 1 ? one : many}`;
  const nameOf = (placement) => data.names[placement] || placement;
  const seconds = (s) => `${Math.floor(s / 60)}:${String(Math.round(s % 60)).padStart(2, "0")}`;
  const language = (() => {
    try {
      const names = new Intl.DisplayNames(["en"], { type: "language" });
      return (tag) => names.of(tag) || tag;
    } catch {
      return (tag) => tag;
    }
  })();

  // ---- what is shown -------------------------------------------------------------------------
  const FILTERS = [
    ["channel", "Channel", (o) => o.placement, nameOf],
    ["brief", "Brief", (o) => o.brief, (id) => productOf.get(id) || id],
    ["locale", "Language", (o) => o.locale, (tag) => `${language(tag)} (${tag})`],
    ["account", "Account", (o) => o.account, (name) => name],
    ["audience", "Audience", (o) => o.audience, (name) => name],
    ["kind", "Kind", (o) => kindOf(o), (kind) => kind],
    ["status", "Status", (o) => o.status, words],
    ["findings", "Findings", (o) => gravest(o), (name) => name],
  ];
  const productOf = new Map();
  for (const order of orders) if (!productOf.has(order.brief)) productOf.set(order.brief, order.product);
  const kindOf = (o) => (o.media.length ? KINDS[o.media[0].kind] : o.page ? "Document" : "Text");
  const KINDS = { film: "Film", image: "Picture", print: "Print" };
  const gravest = (o) =>
    o.findings.some((f) => f[0] === "block") ? "Faults that block" : o.findings.length ? "Remarks" : "Clean";
  const GROUPS = [
    ["brief", "product", (o) => o.product, (o) => o.brief],
    ["placement", "placement", (o) => nameOf(o.placement), (o) => o.placement],
    ["locale", "language", (o) => language(o.locale), (o) => o.locale],
    ["account", "account", (o) => o.account || "No account", (o) => o.account],
  ];
  // Filters that stand in the head of the page as buttons and have no list of their own.
  const HEAD_ONLY = new Set(["findings"]);
  const toggles = [...document.querySelectorAll("[data-filter]")];
  const state = { q: "", group: "brief", page: 1 };
  let shown = orders;
  let whole = orders.length;
  const isMade = (o) => o.status === "made" || o.status === "reused";
  let place = -1;

  const haystacks = new Map();
  const haystack = (o) => {
    if (!haystacks.has(o)) {
      const parts = [o.product, o.brief, o.placement, nameOf(o.placement), o.locale, o.account, o.audience, o.status];
      for (const [, texts] of o.texts) for (const text of texts) parts.push(text[0]);
      for (const finding of o.findings) parts.push(finding[1], finding[3]);
      parts.push(...o.tags, o.alt, o.framework, o.key, o.message);
      haystacks.set(o, parts.join("\n").normalize("NFKC").toLowerCase());
    }
    return haystacks.get(o);
  };

  const select = () => {
    const terms = state.q.normalize("NFKC").toLowerCase().split(/\s+/).filter(Boolean);
    const wanted = FILTERS.filter(([name]) => state[name]);
    const known = state.view === "client" ? orders.filter(isMade) : orders;
    whole = known.length;
    shown = known.filter(
      (o) => wanted.every(([name, , of]) => of(o) === state[name]) && terms.every((t) => haystack(o).includes(t)),
    );
    const key = GROUPS.find(([name]) => name === state.group)[3];
    const ranks = new Map();
    for (const o of shown) if (!ranks.has(key(o))) ranks.set(key(o), ranks.size);
    shown = shown.slice().sort((a, b) => ranks.get(key(a)) - ranks.get(key(b)));
    state.page = Math.min(Math.max(1, state.page), Math.max(1, Math.ceil(shown.length / PAGE)));
  };

  // ---- cards ---------------------------------------------------------------------------------
  const textOf = (o, ...fields) => {
    for (const field of fields) {
      const found = o.texts.find(([name]) => name === field);
      if (found) return found[1][0][0];
    }
    return "";
  };
  const firstText = (o) => (o.texts.length ? o.texts[0][1][0][0] : "");
  const lines = (o, field) => (o.texts.find(([name]) => name === field) || ["", []])[1].map((t) => t[0]);
  const bodyText = (o) => textOf(o, "caption", "text", "body", "description", "message", "post") || firstText(o);

  const picture = (medium, lazy) => {
    const image = el("img", {
      src: medium.thumb || href(medium.path),
      alt: medium.alt || "",
      width: medium.w || undefined,
      height: medium.h || undefined,
      loading: lazy && !medium.thumb ? "lazy" : undefined,
      decoding: "async",
    });
    if (!medium.thumb) {
      image.addEventListener("error", () => image.replaceWith(el("span", { class: "gone" }, "The picture is not beside this page")));
    }
    return image;
  };
  // The small picture is shown at once; the bundle's own takes its place when it is near and there.
  const sharpen = "IntersectionObserver" in window
    ? new IntersectionObserver((seen) => {
        for (const { isIntersecting, target } of seen) {
          if (!isIntersecting) continue;
          sharpen.unobserve(target);
          const full = new Image();
          full.src = target.dataset.full;
          full.alt = target.alt;
          full.decode().then(() => target.replaceWith(full), () => {});
        }
      }, { rootMargin: "200px" })
    : null;
  const cardPicture = (medium, path) => {
    const image = picture({ ...medium, path }, true);
    if (medium.thumb && sharpen) {
      image.dataset.full = href(path);
      sharpen.observe(image);
    }
    return image;
  };

  const filmTile = (medium) => {
    const tile = medium.poster
      ? cardPicture(medium, medium.poster)
      : el("video", { src: href(medium.path), preload: "metadata", muted: true, playsinline: true, tabindex: -1, "aria-label": medium.alt });
    return [tile, el("span", { class: "film" }, icon(ICONS.play), medium.s ? seconds(medium.s) : "Film")];
  };
  const searchAd = (o) => el("div", { class: "mock ad", dir: o.dir, lang: o.locale },
    el("small", {}, el("b", {}, "Sponsored"), ` ${(o.url || "").replace(/^https?:\/\//, "").split("/")[0]}${textOf(o, "path1") ? ` › ${textOf(o, "path1")}` : ""}`),
    el("strong", {}, lines(o, "headline").slice(0, 3).join(" | ")),
    el("p", {}, lines(o, "description").slice(0, 2).join(" ")));
  const mail = (o) => el("div", { class: "mock mail", dir: o.dir, lang: o.locale },
    el("strong", {}, textOf(o, "subject") || firstText(o)),
    el("p", {}, textOf(o, "preheader", "preview")),
    el("i", {}), el("i", {}), el("i", {}), el("span", { class: "button" }));
  const bubble = (o) => el("div", { class: "mock sms", dir: o.dir, lang: o.locale }, el("p", {}, bodyText(o)));
  const note = (o) => (o.texts.length
    ? el("div", { class: "mock note", dir: o.dir, lang: o.locale }, el("p", {}, bodyText(o)))
    : el("div", { class: "mock none" }, el("b", { class: `word s-${o.status}` }, words(o.status)), el("p", { dir: "auto" }, o.message)));
  const mock = (o) => {
    const channel = o.placement.split(".")[0];
    if (lines(o, "headline").length > 1) return searchAd(o);
    if (channel === "email" && o.texts.length) return mail(o);
    if (channel === "sms" && o.texts.length) return bubble(o);
    return note(o);
  };

  const printTile = (medium) => [
    medium.thumb ? picture(medium, true) : el("span", { class: "gone" }, "Print file: open it to see it"),
    el("span", { class: "film" }, "PDF"),
  ];
  const TILES = { film: filmTile, print: printTile, image: (medium) => cardPicture(medium, medium.path) };

  const card = (o, index) => {
    const medium = o.media[0];
    // Width by height; words alone need less height than a picture.
    const ratio = medium && medium.w && medium.h ? Math.min(2, Math.max(0.5, medium.w / medium.h)) : medium ? 0.8 : o.page ? 1 : 1.75;
    const basis = Math.round(ratio * (medium || o.page ? ROW_PX : ROW_PX * 0.62));
    const frame = el("span", { class: "frame" }, medium ? TILES[medium.kind](medium) : mock(o));
    frame.style.aspectRatio = String(ratio);
    const title = [nameOf(o.placement), o.locale, o.account, o.audience, o.variant > 1 ? `variant ${o.variant}` : ""].filter(Boolean);
    const opener = el("button", { type: "button", class: "card", "data-index": index, "aria-label": `${o.product}: ${title.join(", ")}, ${words(o.status)}. Open.` },
      frame,
      el("span", { class: "line" },
        el("i", { class: `internal dot s-${o.status}`, title: words(o.status), "aria-hidden": "true" }),
        el("b", {}, nameOf(o.placement))),
      el("span", { class: "line small" },
        el("span", { class: "chip" }, o.locale),
        o.account ? el("span", {}, o.account) : "", o.audience ? el("span", {}, o.audience) : "",
        o.variant > 1 ? el("span", {}, `v${o.variant}`) : "",
        isMade(o) ? "" : el("span", { class: `word s-${o.status}` }, words(o.status)),
        o.findings.length ? el("span", { class: `internal word ${o.findings.some((f) => f[0] === "block") ? "s-blocked" : "s-over_budget"}` }, several(o.findings.length, "finding", "findings")) : ""));
    opener.addEventListener("click", () => open(index));
    if (medium && medium.kind === "film" && !calm) preview(opener, frame, medium);
    const item = el("li", {}, opener);
    // Widths shared out by aspect give every picture of a row the same height.
    item.style.flexGrow = String(basis);
    item.style.flexBasis = `${basis}px`;
    return item;
  };
  const preview = (opener, frame, medium) => {
    let film = null;
    opener.addEventListener("pointerenter", (event) => {
      if (event.pointerType !== "mouse" || film) return;
      film = el("video", { src: href(medium.path), class: "preview", loop: true, playsinline: true, tabindex: -1, "aria-hidden": "true" });
      film.muted = true;
      film.addEventListener("error", () => film && film.remove());
      frame.append(film);
      film.play().catch(() => {});
    });
    opener.addEventListener("pointerleave", () => { if (film) film.remove(); film = null; });
  };

  const draw = () => {
    select();
    const groups = byId("groups");
    groups.replaceChildren();
    const [, , label, key] = GROUPS.find(([name]) => name === state.group);
    const start = (state.page - 1) * PAGE;
    let list = null;
    let last;
    shown.slice(start, start + PAGE).forEach((o, offset) => {
      if (!list || key(o) !== last) {
        last = key(o);
        const count = shown.filter((other) => key(other) === last).length;
        list = el("ul", { class: "row" });
        groups.append(el("section", { class: "group" }, el("h2", { dir: "auto" }, label(o), " ", el("small", {}, several(count, "asset", "assets"))), list));
      }
      list.append(card(o, start + offset));
    });
    byId("nothing").hidden = shown.length > 0;
    const all = shown.length === whole;
    byId("count").textContent = all ? several(whole, "asset", "assets") : `${shown.length.toLocaleString("en")} of ${several(whole, "asset", "assets")}`;
    byId("ordered").textContent = whole.toLocaleString("en");
    document.body.classList.toggle("client", state.view === "client");
    byId("view").setAttribute("aria-pressed", String(state.view === "client"));
    byId("clear").hidden = all && !state.q;
    for (const button of toggles) button.setAttribute("aria-pressed", String(state[button.dataset.filter] === button.dataset.value));
    pager();
    remember();
  };
  const pager = () => {
    const last = Math.ceil(shown.length / PAGE);
    const nav = byId("pager");
    nav.hidden = last < 2;
    if (nav.hidden) return;
    const go = (page) => { state.page = page; draw(); byId("sheet").focus({ preventScroll: true }); byId("sheet").scrollIntoView({ behavior: calm ? "auto" : "smooth" }); };
    const step = (word, page, able) => {
      const button = el("button", { type: "button", class: "ghost", disabled: !able }, word);
      button.addEventListener("click", () => go(page));
      return button;
    };
    const pick = el("input", { type: "number", min: 1, max: last, value: state.page, "aria-label": `Page, 1 to ${last}` });
    pick.addEventListener("change", () => go(Number(pick.value) || 1));
    nav.replaceChildren(step("Previous", state.page - 1, state.page > 1), el("span", {}, "Page ", pick, ` of ${last.toLocaleString("en")}`), step("Next", state.page + 1, state.page < last));
  };

  // ---- filters -------------------------------------------------------------------------------
  const controls = new Map();
  const chooser = (name, label, options) => {
    const box = el("select", { id: `f-${name}` }, options.map(([value, text]) => el("option", { value }, text)));
    box.addEventListener("change", () => { state[name] = box.value; state.page = 1; draw(); });
    controls.set(name, box);
    return el("label", {}, el("span", {}, label), box);
  };
  const buildFilters = () => {
    const bar = byId("selects");
    for (const [name, label, of, show] of FILTERS) {
      if (HEAD_ONLY.has(name)) continue;
      const counts = new Map();
      for (const o of orders) counts.set(of(o), (counts.get(of(o)) || 0) + 1);
      counts.delete("");
      if (counts.size < 2 && !(name === "account" && counts.size && counts.size < orders.length && orders.some((o) => !o.account))) continue;
      const options = [...counts].map(([value, count]) => [value, `${show(value)} · ${count.toLocaleString("en")}`]);
      if (name !== "brief") options.sort((a, b) => a[1].localeCompare(b[1]));
      const choice = chooser(name, label, [["", "All"], ...options]);
      if (name === "status") choice.classList.add("internal");
      bar.append(choice);
    }
    const usable = GROUPS.filter(([name, , , key]) => name === "brief" || new Set(orders.map(key)).size > 1);
    if (usable.length > 1) bar.append(chooser("group", "Group by", usable.map(([name, text]) => [name, text])));
  };
  const remember = () => {
    const kept = new URLSearchParams();
    for (const [name, value] of Object.entries(state)) {
      if (value && !(name === "group" && value === "brief") && !(name === "page" && value === 1)) kept.set(name, value);
    }
    try { history.replaceState(null, "", kept.size ? `#${kept}` : location.pathname + location.search); } catch { /* some browsers forbid it on files */ }
  };
  const recallState = () => {
    const kept = new URLSearchParams(location.hash.slice(1));
    for (const [name] of FILTERS) if (kept.get(name)) state[name] = kept.get(name);
    if (GROUPS.some(([name]) => name === kept.get("group"))) state.group = kept.get("group");
    state.q = kept.get("q") || "";
    state.page = Number(kept.get("page")) || 1;
    state.view = kept.get("view") === "client" ? "client" : "";
    byId("q").value = state.q;
    for (const [name, box] of controls) box.value = state[name] || (name === "group" ? "brief" : "");
    return kept.get("asset");
  };

  // ---- one asset -----------------------------------------------------------------------------
  const viewer = byId("viewer");
  const stage = (o) => {
    const area = byId("v-stage");
    area.replaceChildren();
    const pieces = [...o.media, ...(o.page ? [{ kind: "page", path: o.page }] : [])];
    if (!pieces.length) { area.append(mock(o)); return; }
    const main = el("div", { class: "v-main" });
    area.append(main);
    const show = (medium) => main.replaceChildren(large(medium, o));
    show(pieces[0]);
    if (pieces.length < 2) return;
    area.append(el("div", { class: "v-strip", role: "group", "aria-label": "Files of this asset" }, pieces.map((medium, number) => {
      const button = el("button", { type: "button", class: "ghost", "aria-pressed": number === 0 }, KINDS[medium.kind] || "E-mail");
      button.addEventListener("click", () => {
        show(medium);
        for (const other of button.parentNode.children) other.setAttribute("aria-pressed", String(other === button));
      });
      return button;
    })));
  };
  const large = (medium, o) => {
    if (medium.kind === "page") {
      // No scripts, no forms; "same origin" alone lets a browser show a picture that is a file.
      return el("iframe", { src: href(medium.path), title: "E-mail as it is sent", sandbox: "allow-same-origin", referrerpolicy: "no-referrer" });
    }
    if (medium.kind === "print") {
      const file = el("a", { class: "solid", href: href(medium.path), target: "_blank" }, "Open the print file");
      return el("div", { class: "print" }, medium.thumb ? picture(medium, false) : "", file);
    }
    if (medium.kind !== "film") {
      const image = picture({ ...medium, thumb: "" }, false);
      if (medium.thumb) image.addEventListener("error", () => image.replaceWith(picture(medium, false)), { once: true, capture: true });
      return image;
    }
    const film = el("video", { controls: true, playsinline: true, preload: "metadata", width: medium.w || undefined, height: medium.h || undefined, poster: medium.poster ? href(medium.poster) : undefined, "aria-label": medium.alt || o.product });
    film.append(el("source", { src: href(medium.path), type: "video/mp4" }));
    if (medium.vtt) {
      // Captions are inside the page: a browser gives no file to a track of a page that is a file.
      // They are off at first, because most films show their own words already.
      film.append(el("track", { kind: "captions", srclang: o.locale, label: language(o.locale), src: `data:text/vtt;charset=utf-8,${encodeURIComponent(medium.vtt)}` }));
    }
    return film;
  };

  const copyButton = (text, label) => {
    const button = el("button", { type: "button", class: "copy", "aria-label": `Copy ${label}` }, icon(ICONS.copy));
    button.addEventListener("click", async () => {
      await toClipboard(text);
      button.replaceChildren(icon(ICONS.check));
      toast(`Copied: ${label}`);
      setTimeout(() => button.replaceChildren(icon(ICONS.copy)), 1400);
    });
    return button;
  };
  const toClipboard = async (text) => {
    try { await navigator.clipboard.writeText(text); } catch {
      const area = el("textarea", { class: "hidden" });
      area.value = text;
      (viewer.open ? viewer : document.body).append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
  };
  const toast = (text) => {
    const box = byId("toast");
    (viewer.open ? viewer : document.body).append(box);
    box.textContent = text;
    box.classList.add("on");
    clearTimeout(toast.timer);
    toast.timer = setTimeout(() => box.classList.remove("on"), 1600);
  };

  const meter = (length, limit, unit, soft) => {
    if (!limit) return "";
    const over = length > limit;
    const bar = el("i", {});
    bar.style.inlineSize = `${Math.min(100, (length / limit) * 100)}%`;
    return el("span", { class: `meter${over ? (soft ? " long" : " over") : ""}`, title: `counted as ${words(unit)}${soft ? "; longer texts are cut on screen" : ""}` },
      el("span", { class: "track" }, bar), `${length} / ${limit}${over ? (soft ? " cut on screen" : " too long") : ""}`);
  };
  const fields = (o) => {
    const list = el("div", { class: "texts" });
    for (const [name, texts] of o.texts) {
      texts.forEach(([text, length, limit, unit, soft], number) => {
        const label = words(name) + (texts.length > 1 ? ` ${number + 1}` : "");
        list.append(el("div", { class: "text" },
          el("div", { class: "text-head" }, el("span", {}, label), meter(length, limit, unit, soft), copyButton(text, label)),
          el("p", { dir: o.dir, lang: o.locale }, text)));
      });
    }
    if (o.tags.length) {
      const tags = o.tags.join(" ");
      list.append(el("div", { class: "text" }, el("div", { class: "text-head" }, el("span", {}, "hashtags"), copyButton(tags, "hashtags")), el("p", { dir: o.dir, lang: o.locale }, tags)));
    }
    if (o.alt) {
      list.append(el("div", { class: "text" }, el("div", { class: "text-head" }, el("span", {}, "alternative text"), copyButton(o.alt, "alternative text")), el("p", { dir: o.dir, lang: o.locale }, o.alt)));
    }
    return list;
  };
  const allWords = (o) => [...o.texts.flatMap(([, texts]) => texts.map((t) => t[0])), o.tags.join(" ")].filter(Boolean).join("\n\n");
  const pair = (term, value) => (value ? [el("dt", {}, term), el("dd", { dir: "auto" }, value)] : []);
  const panel = (o) => {
    const box = byId("v-panel");
    const made = o.files.find((f) => f.medium !== "document") || o.files[0];
    const sounds = o.files.filter((f) => f.medium === "sound");
    const marks = [...new Set(o.files.flatMap((f) => f.marks))];
    const link = /^https?:\/\//i.test(o.url) ? el("a", { href: o.url, rel: "noopener noreferrer", target: "_blank" }, o.url) : o.url;
    const all = el("button", { type: "button", class: "solid" }, "Copy all words");
    all.addEventListener("click", async () => { await toClipboard(allWords(o)); toast("Copied all words"); });
    box.replaceChildren(...[
      !isMade(o) ? el("p", { class: `banner s-${o.status}` }, el("b", {}, words(o.status)), o.message ? `: ${o.message}` : "") : "",
      o.findings.length ? el("ul", { class: "findings internal" }, o.findings.map(([severity, code, field, message]) =>
        el("li", { class: severity }, el("b", {}, severity === "block" ? "Blocks" : "Remark"), el("code", {}, code), field ? el("em", {}, words(field)) : "", el("span", { dir: "auto" }, message)))) : "",
      o.texts.length ? el("div", { class: "v-row" }, el("h3", {}, "Copy"), all) : "",
      fields(o),
      o.todo.length ? el("h3", {}, "Before it goes out") : "",
      o.todo.length ? el("ul", { class: "todo" }, o.todo.map((line) => el("li", {}, line))) : "",
      sounds.length ? el("h3", {}, "Voice-over") : "",
      ...sounds.map((f) => el("audio", { controls: true, preload: "none", src: href(f.path) })),
      el("h3", {}, "About"),
      el("dl", { class: "about" },
        pair("Brief", `${o.brief}${o.row && o.row !== "0" ? ` (row ${o.row})` : ""}`), pair("Placement", o.placement), pair("Language", `${language(o.locale)} (${o.locale})`),
        pair("Account", o.account), pair("Audience", o.audience), pair("Variant", o.variant > 1 ? String(o.variant) : ""),
        pair("Link", link), pair("Framework", words(o.framework)), pair("Facts used", o.facts.map(words).join(", ")),
        made ? pair("Made by", `${made.provider}${made.model ? ` ${made.model}` : ""} (${made.mode}), AI: ${made.ai}`) : "", pair("Marks in the files", marks.join(", ")), pair("Key", o.key)),
      o.files.length ? el("h3", {}, "Files") : "",
      el("ul", { class: "files" }, o.files.map((f) => el("li", {}, el("a", { href: href(f.path), target: "_blank" }, f.path.split("/").pop()), ` ${size(f.bytes)}`))),
    ].filter((part) => part !== ""));
    box.scrollTop = 0;
  };
  const size = (bytes) => (bytes >= 1e6 ? `${(bytes / 1e6).toFixed(1)} MB` : bytes >= 1e3 ? `${Math.round(bytes / 1e3)} kB` : `${bytes} B`);

  const open = (index) => {
    if (index < 0 || index >= shown.length) return;
    place = index;
    const o = shown[index];
    byId("v-title").textContent = o.product;
    byId("v-sub").replaceChildren(el("i", { class: `dot s-${o.status}`, "aria-hidden": "true" }), [nameOf(o.placement), language(o.locale), o.account, o.audience, o.variant > 1 ? `variant ${o.variant}` : "", words(o.status)].filter(Boolean).join(" · "));
    byId("v-place").textContent = `${(index + 1).toLocaleString("en")} / ${shown.length.toLocaleString("en")}`;
    byId("v-prev").disabled = index === 0;
    byId("v-next").disabled = index === shown.length - 1;
    stage(o);
    panel(o);
    if (!viewer.open) viewer.showModal();
  };
  const closed = () => {
    byId("v-stage").replaceChildren();
    document.body.append(byId("toast"));
    const page = Math.floor(place / PAGE) + 1;
    if (page !== state.page && shown.length) { state.page = page; draw(); }
    const back = document.querySelector(`.card[data-index="${place}"]`);
    if (back) { back.focus({ preventScroll: true }); back.scrollIntoView({ block: "nearest" }); }
  };

  // ---- keys, theme, start --------------------------------------------------------------------
  const typing = (event) => /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (viewer.open) {
      if (event.target.tagName === "VIDEO") return;
      const steps = { ArrowLeft: -1, ArrowRight: 1, Home: -place, End: shown.length - 1 - place };
      if (event.key in steps) { event.preventDefault(); open(place + steps[event.key]); }
      return;
    }
    if (event.key === "/" && !typing(event)) { event.preventDefault(); byId("q").focus(); return; }
    const card = event.target.closest ? event.target.closest(".card") : null;
    if (card) moveFocus(event, card);
  });
  const moveFocus = (event, from) => {
    const cards = [...document.querySelectorAll(".card")];
    const at = cards.indexOf(from);
    const box = from.getBoundingClientRect();
    const middle = box.left + box.width / 2;
    const beyond = (sign) => cards.filter((c) => sign * (c.getBoundingClientRect().top - box.top) > 20)
      .sort((a, b) => {
        const x = a.getBoundingClientRect(), y = b.getBoundingClientRect();
        return sign * (x.top - y.top) || Math.abs(x.left + x.width / 2 - middle) - Math.abs(y.left + y.width / 2 - middle);
      })[0];
    const to = { ArrowRight: cards[at + 1], ArrowLeft: cards[at - 1], ArrowDown: beyond(1), ArrowUp: beyond(-1), Home: cards[0], End: cards[cards.length - 1] }[event.key];
    if (to) { event.preventDefault(); to.focus(); }
  };

  const stored = (value) => {
    try {
      if (value !== undefined) localStorage.setItem("handbill-theme", value);
      return localStorage.getItem("handbill-theme");
    } catch { return null; }
  };
  const theme = (name) => {
    document.documentElement.dataset.theme = name;
    byId("theme-word").textContent = name === "dark" ? "Light" : "Dark";
  };
  theme(stored() || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light"));
  byId("view").addEventListener("click", () => {
    state.view = state.view === "client" ? "" : "client";
    for (const name of ["status", "findings"]) state[name] = "";
    if (controls.has("status")) controls.get("status").value = "";
    state.page = 1;
    draw();
  });
  byId("theme").addEventListener("click", () => {
    const name = document.documentElement.dataset.theme === "dark" ? "light" : "dark";
    theme(name);
    stored(name);
  });

  byId("v-prev").addEventListener("click", () => open(place - 1));
  byId("v-next").addEventListener("click", () => open(place + 1));
  byId("v-close").addEventListener("click", () => viewer.close());
  viewer.addEventListener("close", closed);
  viewer.addEventListener("click", (event) => { if (event.target === viewer) viewer.close(); });
  let touch = 0;
  byId("v-stage").addEventListener("touchstart", (event) => { touch = event.changedTouches[0].clientX; }, { passive: true });
  byId("v-stage").addEventListener("touchend", (event) => {
    const way = event.changedTouches[0].clientX - touch;
    if (Math.abs(way) > 60 && event.target.tagName !== "VIDEO") open(place + (way < 0 ? 1 : -1));
  }, { passive: true });

  byId("filters").addEventListener("submit", (event) => event.preventDefault());
  byId("filters").addEventListener("reset", () => {
    for (const [name] of FILTERS) state[name] = "";
    state.q = "";
    state.page = 1;
    setTimeout(() => { for (const [name, box] of controls) box.value = name === "group" ? state.group : ""; draw(); });
  });
  let pause = 0;
  byId("q").addEventListener("input", () => {
    clearTimeout(pause);
    pause = setTimeout(() => { state.q = byId("q").value.trim(); state.page = 1; draw(); }, 120);
  });
  byId("more").addEventListener("click", () => {
    const opened = byId("selects").classList.toggle("opened");
    byId("more").setAttribute("aria-expanded", String(opened));
  });
  for (const button of toggles) {
    button.addEventListener("click", () => {
      const { filter, value } = button.dataset;
      state[filter] = state[filter] === value ? "" : value;
      if (controls.has(filter)) controls.get(filter).value = state[filter];
      state.page = 1;
      draw();
    });
  }
  const downloads = byId("downloads");
  downloads.append("In this bundle: ");
  for (const path of ["outcomes.csv", "problems.csv", "manifest.json", ...data.imports]) {
    downloads.append(el("a", { href: href(path) }, path), " ");
  }
  buildFilters();
  const wanted = recallState();
  draw();
  if (wanted) open(shown.findIndex((o) => o.key.startsWith(wanted)));
})();
