import { useText } from '../i18n/provider.js';
import { IconButton } from './button.js';
import { toast } from './toast.js';

/** A line to run elsewhere, with its copy button. */
export function CopyLine({ text, label }: { text: string; label: string }) {
  return (
    <div className="copyline">
      <code>{text}</code>
      <CopyButton text={text} label={label} />
    </div>
  );
}

export function CopyButton({ text, label }: { text: string; label: string }) {
  const t = useText();
  return (
    <IconButton
      icon="copy"
      small
      label={label}
      onClick={() => {
        copyText(text).then(
          () => toast(t('common.copied')),
          () => toast(t('common.copy-failed')),
        );
      }}
    />
  );
}

/** The clipboard API needs a secure context; plain HTTP on a name other than localhost has none. */
export async function copyText(text: string): Promise<void> {
  await navigator.clipboard.writeText(text);
}
