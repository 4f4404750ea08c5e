import { envOf, Tag } from '../ui/words.js';

/** One label of a host in its column; the environment carries its edge colour. */
export function LabelValue({ labels, name }: { labels: Readonly<Record<string, string>>; name: string }) {
  const value = labels[name];
  if (value === undefined || value === '') return <span className="t3">–</span>;
  const env = /^env(ironment)?$/.test(name) ? envOf(labels) : undefined;
  return env === undefined ? <span className="t2">{value}</span> : <Tag env={env}>{value}</Tag>;
}
