export const signIn = {
  title: 'Sign in to Sallyport',
  name: 'User name',
  password: 'Password',
  code: 'Code',
  'code-help': 'Six digits from your authenticator, or a recovery code.',
  continue: 'Continue',
  wait: 'Wait {seconds, number} s',
  'slow-down':
    'Too many failed tries. Wait {seconds, plural, one {# second} other {# seconds}}; other addresses are not affected.',
  'other-name': 'Use another name',
  ended: 'Your sign-in ended. Sign in again; open terminals are kept for 60 s.',
  'not-set-up': 'Not set up yet. Open the one-use link that Sallyport printed when it started.',
  recorded: 'Terminal sessions are recorded.',
} as const;
