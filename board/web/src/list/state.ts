import { signal } from '@preact/signals'

/** current is the row of the list that has or had the focus. */
export const current = signal('')

/** open is the row that is open for editing. */
export const open = signal('')
