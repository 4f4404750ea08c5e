/** Placeholder until the replay page stands. */
export default function ReplayPage() {
  return null;
}
