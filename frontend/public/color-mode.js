// Before anything is painted, so that a dark console does not flash white. A file of its own and not in the page,
// because the content security policy lets no inline script run.
(() => {
  let mode;
  try {
    mode = localStorage.getItem('skafu.color-mode');
  } catch {
    // A browser that keeps nothing: the system's choice holds.
  }
  if (mode ? mode === 'dark' : matchMedia('(prefers-color-scheme: dark)').matches) {
    document.body.classList.add('awsui-dark-mode');
  }
})();
