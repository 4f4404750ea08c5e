/** Searches of the list kept under a name, in this browser. */
const KEY = 'sallyport.recording-views';
const MAX_VIEWS = 30;

export interface SavedView {
  readonly name: string;
  /** The address’s query, as it stood. */
  readonly query: string;
}

const isView = (value: unknown): value is SavedView =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  'query' in value &&
  typeof value.name === 'string' &&
  typeof value.query === 'string';

export function readViews(): readonly SavedView[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
    return Array.isArray(kept) ? kept.filter(isView).slice(0, MAX_VIEWS) : [];
  } catch {
    return [];
  }
}

/** A view of the same name is replaced. */
export function keepView(views: readonly SavedView[], view: SavedView): readonly SavedView[] {
  return store([...views.filter(({ name }) => name !== view.name), view].slice(-MAX_VIEWS));
}

export const dropView = (views: readonly SavedView[], name: string): readonly SavedView[] =>
  store(views.filter((view) => view.name !== name));

function store(views: readonly SavedView[]): readonly SavedView[] {
  try {
    localStorage.setItem(KEY, JSON.stringify(views));
  } catch {
    // storage is forbidden: the views last as long as the page
  }
  return views;
}
