/**
 * Whether a name matches a pattern: `*` stands for any characters, `?` for one. A pattern without a `/` is about the name's last part alone. Goes back to the last star
 * only, so its time is bounded by the product of the lengths: names and patterns may be hostile.
 */
export function matchesGlob(glob: string, name: string): boolean {
  const text = glob.includes('/') ? name : name.slice(name.lastIndexOf('/') + 1);
  let [at, place] = [0, 0];
  // Where the pattern goes on after the last star, and the text after what that stands for.
  let [next, resume] = [-1, 0];
  while (place < text.length) {
    if (glob[at] === '*') {
      [next, resume] = [++at, place];
    } else if (at < glob.length && (glob[at] === text[place] || glob[at] === '?')) {
      at += 1;
      place += 1;
    } else if (next >= 0) {
      [at, place] = [next, ++resume];
    } else {
      return false;
    }
  }
  while (glob[at] === '*') at += 1;
  return at === glob.length;
}
