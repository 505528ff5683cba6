const dayMs = 86_400_000;
let day = { startMs: Number.NaN, text: '' };

/** `2018-08-20T15:30:07Z`. Events are rendered by the thousand, and those of a day follow each other: only it is kept. */
export function isoSeconds(epochMs: number): string {
  const startMs = Math.floor(epochMs / dayMs) * dayMs;
  if (startMs !== day.startMs) day = { startMs, text: new Date(startMs).toISOString().slice(0, -13) };
  const seconds = Math.floor((epochMs - startMs) / 1000);
  const minutes = Math.floor(seconds / 60);
  return `${day.text}${twoDigits(Math.floor(minutes / 60))}:${twoDigits(minutes % 60)}:${twoDigits(seconds % 60)}Z`;
}

function twoDigits(value: number): string {
  return value < 10 ? `0${value}` : String(value);
}

let second = { startMs: Number.NaN, text: '' };

/** As `java.util.Date` prints itself: `Mon Aug 20 15:30:07 UTC 2018`. Bodies are made many at a time. */
export function javaDate(epochMs: number): string {
  const startMs = Math.floor(epochMs / 1000) * 1000;
  if (startMs !== second.startMs) second = { startMs, text: writeJavaDate(startMs) };
  return second.text;
}

function writeJavaDate(epochMs: number): string {
  const [weekday = '', date = '', month = '', year = '', time = ''] = new Date(epochMs)
    .toUTCString()
    .split(' ');
  return `${weekday.replace(',', '')} ${month} ${date} ${time} UTC ${year}`;
}
