import './ui/ui.css';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { onSignedOut } from './api/client.js';
import { meQuery } from './api/me.js';
import { watchPresence } from './api/presence.js';
import { makeQueryClient } from './api/query-client.js';
import { followSystemTheme } from './frame/theme.js';
import { startLanguage } from './i18n/language.js';
import { TextProvider } from './i18n/provider.js';
import { loadText } from './i18n/text.js';
import { makeRouter } from './router.js';

const queries = makeQueryClient();
const router = makeRouter(queries);

// A sign-in that ran out while the page stood open: back to the door, and on to the same place afterwards.
onSignedOut((problem) => {
  const wasIn = queries.getQueryData(meQuery.queryKey) !== undefined;
  if (!wasIn || router.state.location.pathname === '/sign-in') return;
  queries.clear();
  void router.navigate({ to: '/sign-in', search: { to: router.state.location.href, ended: problem.code } });
});

followSystemTheme();
// What stopped asking while nobody was there asks again.
watchPresence(() => void queries.invalidateQueries({ queryKey: ['sessions'] }));
const text = await loadText(startLanguage());
const place = document.getElementById('root');
if (place === null) throw new Error('the page has no #root');
createRoot(place).render(
  <StrictMode>
    <TextProvider initial={text}>
      <QueryClientProvider client={queries}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </TextProvider>
  </StrictMode>,
);
