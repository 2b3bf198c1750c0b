// Icons drawn for the page, on a grid of 20, in strokes of the text's colour.

const paths = {
  session: 'M4 4h5v5H4zM11 4h5v5h-5zM4 11h5v5H4zM11 13.5h5M13.5 11v5',
  details: 'M4 3.5h8.5L16 7v9.5H4zM12 3.5V7.5h4M7 10.5h6M7 13.5h4',
  text: 'M7 5 2.5 10 7 15M13 5l4.5 5L13 15',
  find: 'M8.5 3a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11zM12.5 12.5 17 17',
  comments: 'M3 4h14v9.5H9L5.5 17v-3.5H3z',
  duplicates: 'M3 3h9v9H3zM8 15.5V17h9V8h-2',
  modules: 'M2.5 3.5h6v5h-6zM11.5 11.5h6v5h-6zM5.5 8.5v5.5h6M14.5 11.5V6h-6',
  exchange: 'M10 3v9M6.5 8.5 10 12l3.5-3.5M3.5 13v3.5h13V13',
  invites: 'M8 3.5a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM2.5 16.5c.4-3 2.6-4.5 5.5-4.5s5.1 1.5 5.5 4.5M15.5 6v5M13 8.5h5',
  help: 'M10 2.5a7.5 7.5 0 1 0 0 15 7.5 7.5 0 0 0 0-15zM7.8 7.8c.2-1.4 1.1-2 2.3-2 1.3 0 2.2.8 2.2 1.9 0 1.7-2.2 1.8-2.2 3.5M10.1 13.9v.2',
  undo: 'M7 4 3.5 7.5 7 11M3.5 7.5H12a4.2 4.2 0 0 1 0 8.5H8',
  redo: 'M13 4l3.5 3.5L13 11M16.5 7.5H8a4.2 4.2 0 0 0 0 8.5h4',
  close: 'M5 5l10 10M15 5 5 15',
  plus: 'M10 4v12M4 10h12',
  minus: 'M4 10h12',
  fit: 'M3.5 7.5v-4h4M12.5 3.5h4v4M16.5 12.5v4h-4M7.5 16.5h-4v-4',
  map: 'M3 5l4.5-1.5L12.5 5 17 3.5v11.5l-4.5 1.5-5-1.5L3 16.5zM7.5 3.5v11.5M12.5 5v11.5',
  more: 'M4.5 10h.01M10 10h.01M15.5 10h.01',
  back: 'M11.5 4.5 6 10l5.5 5.5',
  list: 'M7 5.5h10M7 10h10M7 14.5h10M3.5 5.5h.01M3.5 10h.01M3.5 14.5h.01',
  replay: 'M3.5 10a6.5 6.5 0 1 0 2-4.7L3.5 7M3.5 3.5V7H7M10 6.5V10l2.5 2',
  sun: 'M10 6.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM10 2v1.5M10 16.5V18M2 10h1.5M16.5 10H18M4.3 4.3l1.1 1.1M14.6 14.6l1.1 1.1M15.7 4.3l-1.1 1.1M5.4 14.6l-1.1 1.1',
  moon: 'M16.5 11.5A6.8 6.8 0 0 1 8.5 3.5a6.8 6.8 0 1 0 8 8z',
  system: 'M3 4h14v9.5H3zM7.5 16.5h5M10 13.5v3',
  clock: 'M10 3a7 7 0 1 0 0 14 7 7 0 0 0 0-14zM10 6v4l2.5 2.5',
  land: 'M10 2.5v9M6.5 8 10 11.5 13.5 8M2.5 15c1.3 1.3 2.5 1.3 3.75 0s2.5-1.3 3.75 0 2.5 1.3 3.75 0 2.5-1.3 3.75 0',
  panels: 'M3 4h14v12H3zM12 4v12',
  keyboard: 'M2.5 5.5h15v9h-15zM5.5 8.5h.01M8.5 8.5h.01M11.5 8.5h.01M14.5 8.5h.01M6.5 11.5h7',
} as const

export type IconName = keyof typeof paths

/** Icon is an icon without a meaning of its own: what it stands beside, or its button's label, says what it is. */
export function Icon({ name }: { name: IconName }) {
  return (
    <svg class="icon" viewBox="0 0 20 20" width="20" height="20" fill="none" stroke="currentColor" stroke-width={name === 'more' ? 2.4 : 1.5} stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}

/** Mark is the mark of the product. */
export function Mark() {
  return (
    <svg class="mark" viewBox="0 0 32 32" width="28" height="28" aria-hidden="true" focusable="false">
      <rect class="mark-ground" width="32" height="32" rx="7" />
      <rect class="mark-command" x="5" y="9" width="10" height="10" rx="1.5" />
      <rect class="mark-event" x="17" y="9" width="10" height="10" rx="1.5" />
      <path class="mark-land" d="M5 24h22" fill="none" stroke-width="2" stroke-linecap="round" />
    </svg>
  )
}
