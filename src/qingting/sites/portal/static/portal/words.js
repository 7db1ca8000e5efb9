/** The page's own language for what scripts say: the words stand here in Simplified Chinese, and in `#page-words` where the page speaks another. */
const held = document.getElementById("page-words");
const table = held ? JSON.parse(held.textContent) : {};

/** The words in the page's language, with {name} filled in. */
export function t(words, values = {}) {
  return Object.entries(values).reduce((said, [name, value]) => said.split(`{${name}}`).join(value), table[words] ?? words);
}
