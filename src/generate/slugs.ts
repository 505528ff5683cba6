/** For each name one that every format takes for a key: ASCII letters, digits, `_`, `.` and `-`, and no two alike. */
export function slugsOf(names: readonly string[]): readonly string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name.replaceAll(/[^A-Za-z0-9_.-]+/g, '_') || '_';
    let slug = plain;
    for (let count = 2; taken.has(slug.toLowerCase()); count += 1) slug = `${plain}_${count}`;
    taken.add(slug.toLowerCase());
    return slug;
  });
}
