/** Search and filters of the page; their state is in the address, so a view can be shared. */
export const script = `
const fields = ['search', 'check', 'severity'].map((id) => document.getElementById(id));
const findings = [...document.querySelectorAll('.finding')];
function apply() {
  const [search, check, severity] = fields.map((field) => field.value.trim());
  const words = search.toLowerCase().split(/\\s+/).filter((word) => word !== '');
  let shown = 0;
  for (const finding of findings) {
    const { text } = finding.dataset;
    const fits = words.every((word) => text.includes(word)) && (check === '' || finding.dataset.check === check) && (severity === '' || finding.dataset.severity === severity);
    finding.hidden = !fits;
    if (fits) shown++;
  }
  for (const file of document.querySelectorAll('.file')) file.hidden = file.querySelector('.finding:not([hidden])') === null;
  document.getElementById('shown').textContent = shown === findings.length ? '' : shown + ' of ' + findings.length + ' shown';
}
function remember() {
  const state = new URLSearchParams();
  for (const field of fields) if (field.value !== '') state.set(field.id, field.value);
  history.replaceState(null, '', state.size === 0 ? '#' : '#' + state);
}
const state = new URLSearchParams(location.hash.slice(1));
for (const field of fields) {
  field.value = state.get(field.id) ?? '';
  field.addEventListener('input', () => { apply(); remember(); });
}
document.getElementById('filters').addEventListener('submit', (event) => event.preventDefault());
apply();
`;
