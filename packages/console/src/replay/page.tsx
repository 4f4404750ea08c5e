/** Placeholder until the replay page stands. */
export function ReplayPage() {
  return null;
}
