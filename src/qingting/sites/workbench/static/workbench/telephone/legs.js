/** Who is in the call, and what can be done about each. */

/** One's own part in the call by the record; the newest where there are several. */
export function myLeg(details, me) {
  return details?.legs.filter((leg) => leg.account_id === me).at(-1) ?? null;
}

/** A row of the list; whoever may change somebody's part gets the buttons for it. */
export function legRow(leg, { me, mine, acts }) {
  const line = document.createElement("li");
  line.className = "telephone-leg"; // the kind is no class: the seat's page has rules for `.seat`
  line.dataset.kind = leg.kind;
  const name = leg.account_id === me ? `我（${leg.kind_label}）` : [leg.name, leg.kind_label].filter(Boolean).join(" · ");
  line.append(Object.assign(document.createElement("span"), { className: "telephone-leg-name", textContent: name }));
  if (leg.mode !== "SPEAK") line.append(Object.assign(document.createElement("span"), { className: "tag outline", textContent: leg.mode_label }));
  if (leg.kind === "POLICE_110" && mine?.kind === "SEAT") line.append(...ofPolice(leg, acts));
  return line;
}

function ofPolice(leg, acts) {
  const other = leg.mode === "SPEAK" ? ["LISTEN", "改为只听"] : ["SPEAK", "请110说话"];
  return [
    button(other[1], () => acts.ask({ kind: "SET_MODE", leg_id: leg.id, mode: other[0] })),
    button("请110退出", () => acts.ask({ kind: "DROP", leg_id: leg.id })),
  ];
}

function button(text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", className: "button quiet small", textContent: text });
  made.addEventListener("click", act);
  return made;
}
