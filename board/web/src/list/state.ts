import { signal } from '@preact/signals'

/** current is the row of the list that has or had the focus. */
export const current = signal('')

/** open is the row that is open for editing. */
export const open = signal('')

/**
 * The row that gets the focus once the list is drawn anew: one that changes its
 * place in the document loses it.
 */
export const keep = { row: '' }
