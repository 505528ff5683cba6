/** Stands in for `yargs/helpers`, of which the command needs only the parser; the rest would double its start-up time. */
export { default as Parser } from 'yargs-parser';
