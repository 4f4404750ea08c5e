/** Placeholder until the terminal page stands. */
export default function TerminalPage() {
  return null;
}
