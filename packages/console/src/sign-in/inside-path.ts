/** Where to go after the sign-in: only a path of our own, so that a crafted link cannot lead elsewhere. */
export function insidePath(to: string | undefined): string {
  if (to === undefined || !/^\/(?![/\\])/.test(to)) return '/';
  return to.startsWith('/sign-in') ? '/' : to;
}
