/** Strokes on a grid of 24. */
const shapes = {
  home: "M4 11.5 12 5l8 6.5M6.5 10v9h11v-9",
  plus: "M12 5v14M5 12h14",
  menu: "M4 7h16M4 12h16M4 17h10",
  more: "M5.5 12h.01M12 12h.01M18.5 12h.01",
  people:
    "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zM3 19a6 6 0 0 1 12 0M15.5 5.5a3 3 0 0 1 0 5.5M17.5 14a6 6 0 0 1 3.5 5",
  sliders: "M4 8h9M19 8h1M4 16h1M11 16h9M16 5.5v5M8 13.5v5",
  leave: "M10 5H5v14h5M14 8l4 4-4 4M9 12h9",
  close: "M6 6l12 12M18 6 6 18",
  calendar: "M5 7h14v12H5zM5 11h14M9 4.5V8M15 4.5V8",
  inbox: "M4 13l3-8h10l3 8v6H4zM4 13h4.5l1.5 2.5h4l1.5-2.5H20",
  talk: "M4 6h12v8H9l-3.5 3v-3H4zM16 10h4v7h-1.5v2.5l-3-2.5H10",
  person: "M12 11.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7zM5 20a7 7 0 0 1 14 0",
  check: "M5 12.5l4.5 4.5L19 7.5",
  clip: "M19 11.5 12 18.5a4.5 4.5 0 0 1-6.4-6.4l7.4-7.3a3 3 0 0 1 4.3 4.3l-7.3 7.2a1.5 1.5 0 0 1-2.1-2.1l6.6-6.6",
  link: "M10 14a4 4 0 0 0 6 .5l3-3a4 4 0 0 0-6-6l-1 1M14 10a4 4 0 0 0-6-.5l-3 3a4 4 0 0 0 6 6l1-1",
  file: "M7 4h7l4 4v12H7zM13.5 4v4.5H18",
  save: "M12 5v10M7.5 11 12 15.5 16.5 11M5 19h14",
  thread: "M5 5h14v10h-8l-4 4v-4H5zM9 9h6M9 11.5h4",
  search: "M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13zM15.5 15.5 20 20",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  bookmark: "M7 4h10v16l-5-4-5 4z",
  eye: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zM12 14.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  keyboard: "M3 7h18v10H3zM6.5 10.5h.01M10 10.5h.01M14 10.5h.01M17.5 10.5h.01M8 14h8",
  switch: "M4 9h14M14.5 5.5 18 9M20 15H6M9.5 18.5 6 15",
  pencil: "M5 19l1-4L16 5l3 3L9 18zM14 7l3 3",
  poll: "M6 19v-6M12 19V5M18 19v-9",
  lock: "M7 11h10v8H7zM9 11V8a3 3 0 0 1 6 0v3",
  megaphone: "M5 10v4h3l8 4V6l-8 4zM8 14v4h2.5v-3M19 10.5v3",
  flag: "M6 20V5M6 5h11l-2.5 4L17 13H6",
  fold: "M8 10l4 4 4-4",
  folder: "M4 6h6l2 2h8v10H4z",
  archive: "M4 5h16v4H4zM6 9v10h12V9M10 13h4",
  up: "M12 19V5M6.5 10.5 12 5l5.5 5.5",
  down: "M12 5v14M6.5 13.5 12 19l5.5-5.5",
  clock: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM12 7.5V12l3 2",
  send: "M4 12 20 5l-5.5 15-3.5-6zM11 14 20 5",
  smile: "M12 20.5a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17zM9 10h.01M15 10h.01M8.5 14a4.2 4.2 0 0 0 7 0",
  reply: "M9 6 4 11l5 5M4 11h9a7 7 0 0 1 7 7",
  react: "M10.5 20.5a8 8 0 1 1 7.8-10M8 10.5h.01M13 10.5h.01M7.5 14a4 4 0 0 0 6.5 0M18.5 14.5v6M15.5 17.5h6",
  mute: "M9 6.5a4.5 4.5 0 0 1 7.5 3.5v4.5M7.5 10v4.5L6 17h11M10.5 20h3M5 4.5l14.5 15",
  leaf: "M5 19C5 10 10 5 19 5c0 9-5 14-14 14zM5 19l8-8",
  apple: "M12 8c-2-2-6-1.5-6 3.5S9 20 12 19c3 1 6-2.5 6-7.5S14 6 12 8zM12 8c0-2 1-3.5 3-4",
  car: "M5 16v-4l2-5h10l2 5v4zM5 12h14M7.5 16v2.5M16.5 16v2.5",
  ball: "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM4 12h16M12 4v16",
  bulb: "M10 20h4M9.5 17h5c0-1.5.2-2.3 1-3a5.5 5.5 0 1 0-7 0c.8.7 1 1.5 1 3z",
  heart: "M12 19.5 5.2 12.7A4.3 4.3 0 0 1 12 7.5a4.3 4.3 0 0 1 6.8 5.2z",
  bell: "M6 17h12l-1.5-2.5V10a4.5 4.5 0 0 0-9 0v4.5zM10.5 20h3",
}

export type IconName = keyof typeof shapes

/** A picture beside or in place of a word; the caller writes the word. A template string, as a room has forty of them. */
export function Icon({ name }: { name: IconName }): JSX.Element {
  return `<svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><path d="${shapes[name]}"/></svg>`
}
