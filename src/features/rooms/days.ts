const dayFormat = /^\d{4}-\d{2}-\d{2}$/

/** Is it a calendar day in the format of a date field: `2026-01-31`? */
export function isDay(text: string): boolean {
  const at = new Date(`${text}T00:00:00Z`)
  return dayFormat.test(text) && !Number.isNaN(at.getTime()) && at.toISOString().startsWith(text)
}
