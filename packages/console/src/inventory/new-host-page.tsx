export function NewHostPage() {
  return null;
}
