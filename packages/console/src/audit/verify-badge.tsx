import { useQuery } from '@tanstack/react-query';
import { auditVerifyQuery } from '../api/audit.js';
import { useText } from '../i18n/provider.js';
import { Flag } from '../ui/words.js';

/** Does every entry still fit the one before? Asked of the server, said in a shape and words. */
export function VerifyBadge() {
  const t = useText();
  const { data, error } = useQuery(auditVerifyQuery);
  if (error !== null) return <Flag tone="warn">{t('audit.verify-failed')}</Flag>;
  if (data === undefined) return <Flag tone="mute">{t('audit.verifying')}</Flag>;
  return data.ok ? (
    <Flag tone="ok" icon="check">
      {t('audit.verified', { entries: data.entries })}
    </Flag>
  ) : (
    <Flag tone="danger" icon="alert">
      {t('audit.broken', { seq: data.badSeq ?? 0 })}
    </Flag>
  );
}
