import { createSlice, type PayloadAction } from '@reduxjs/toolkit';

/** A message in the bar above the page. */
export interface Notification {
  id: string;
  type: 'success' | 'error' | 'warning' | 'info';
  header: string;
  content?: string;
  /** A link to what the message is about. */
  link?: { text: string; href: string };
}

const mostShown = 6;

const slice = createSlice({
  name: 'notifications',
  initialState: [] as Notification[],
  reducers: {
    /** A message with the id of one that stands there replaces it. */
    notified: (shown, { payload }: PayloadAction<Notification>) =>
      [payload, ...shown.filter((each) => each.id !== payload.id)].slice(0, mostShown),
    dismissed: (shown, { payload }: PayloadAction<string>) => shown.filter((each) => each.id !== payload),
  },
});

export const { notified, dismissed } = slice.actions;
export const notificationsReducer = slice.reducer;
