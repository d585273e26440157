// What the pages do by themselves where scripts run: they ask again how far an export is, and estimate what
// a form would give. Without scripts a link and a button do the same.

const SOONEST = 2; // seconds between two questions
const LATEST = 10;
const STEP = 10; // per cent between two announcements

const sleep = (seconds) => new Promise((done) => setTimeout(done, 1000 * seconds));

/** The page as the server has it now, and its status. */
async function load(request) {
  const response = await fetch(request, { credentials: "same-origin" });
  renewTokens(response.headers.get("X-CSRF-Token"));
  const page = new DOMParser().parseFromString(await response.text(), "text/html");
  return { page, status: response.status };
}

/** A host may give a new token with each answer, or another tab has logged in anew: then no form here may keep its own. */
function renewTokens(token) {
  for (const input of token ? document.getElementsByName("csrf_token") : []) {
    input.value = token;
  }
}

/** Takes over a part of a fresh page. */
function replace(id, page) {
  const here = document.getElementById(id);
  const there = page.getElementById(id);
  if (here && there) {
    here.replaceWith(document.adoptNode(there));
  }
}

// --- an export that is being made ---

function announce(before) {
  const bar = document.getElementById("bar");
  const step = bar ? Math.floor(bar.value / STEP) : -1;
  if (step !== before) {
    const said = document.getElementById(bar ? "figures" : "export");
    document.getElementById("announce").textContent = bar ? said.textContent : document.title;
  }
  return step;
}

/** Whoever is about to use something in it keeps it: then the figures alone move. */
function show(page) {
  const heading = document.querySelector(".ybb-export h1");
  const inUse = document.getElementById("export").contains(document.activeElement);
  const ended = page.getElementById("export").dataset.state !== "processing";
  document.title = page.title;
  heading.textContent = page.querySelector(".ybb-export h1").textContent;
  if (inUse && !ended) {
    document.getElementById("bar").value = page.getElementById("bar").value;
    document.getElementById("figures").textContent = page.getElementById("figures").textContent;
    return;
  }
  replace("export", page);
  if (inUse) {
    heading.tabIndex = -1; // what had the focus is gone
    heading.focus();
  }
}

async function follow() {
  const isProcessing = () => document.getElementById("export").dataset.state === "processing";
  let step = isProcessing() ? announce(-1) : -1;
  for (let pause = SOONEST; isProcessing(); ) {
    await sleep(pause);
    try {
      const { page, status } = await load(location.href);
      if (status === 429 || status >= 500) {
        throw new Error(`status ${status}`); // this passes
      }
      if (!page.getElementById("export")) {
        location.reload(); // logged out, or deleted: the server says it better
        return;
      }
      show(page);
      step = announce(step);
      pause = SOONEST;
    } catch {
      pause = Math.min(2 * pause, LATEST); // the network or the server is away
    }
  }
}

// --- the form ---

function estimateAsItChanges(form) {
  let latest = 0;
  let timer = 0;
  const ask = () => {
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "estimate");
    return load(new Request(form.action, { method: "POST", body }));
  };
  const estimate = async () => {
    const mine = ++latest;
    const token = form.elements.csrf_token.value;
    try {
      let { page, status } = await ask();
      if (status === 403 && form.elements.csrf_token.value !== token) {
        ({ page, status } = await ask()); // the token was too old, and no longer is
      }
      if (mine === latest) {
        replace("estimate", page);
      }
    } catch {
      // the button says what is wrong
    }
  };
  form.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(estimate, 600);
  });
  estimate();
}

/** Arrows beside the columns: the places follow from the order of the rows that are ticked. */
function moveColumns(table) {
  const body = table.tBodies[0];
  const box = (row) => row.querySelector("input[type=checkbox]");
  const place = (row) => row.querySelector("input[type=number]");
  const numberPlaces = () => {
    let next = 0;
    for (const row of body.rows) {
      place(row).value = box(row).checked ? ++next : "";
    }
  };
  const putAt = (row, number) => {
    const others = [...body.rows].filter((other) => box(other).checked && other !== row);
    others.splice(number - 1, 0, row);
    body.prepend(...others);
  };
  for (const cell of table.querySelectorAll(".moves")) {
    cell.hidden = false;
  }
  table.addEventListener("click", (event) => {
    const direction = event.target.dataset?.move;
    const row = direction && event.target.closest("tr");
    const other = direction === "up" ? row.previousElementSibling : row?.nextElementSibling;
    if (!other) {
      return;
    }
    box(row).checked = true;
    other[direction === "up" ? "before" : "after"](row);
    numberPlaces();
    event.target.focus(); // it moved with its row
    table.dispatchEvent(new Event("input", { bubbles: true }));
  });
  table.addEventListener("change", (event) => {
    const row = event.target.closest("tr");
    if (event.target.type === "number" && event.target.value > 0) {
      box(row).checked = true;
      putAt(row, event.target.value);
      event.target.focus();
    }
    if (event.target.type !== "text") {
      numberPlaces();
    }
  });
}

const form = document.getElementById("estimate")?.closest("form");
if (form) {
  estimateAsItChanges(form);
  moveColumns(document.getElementById("columns"));
}
if (document.getElementById("export")) {
  follow();
}
