/** Stands in for the package of this name, which only yargs' help layout needs, and that is never shown. */
export default function stringWidth(text: string): number {
  return text.length;
}
