/** Of the page, light and dark; every pair of colours has a contrast of at least 4.5 to 1. */
export const style = `
:root{color-scheme:light dark;--text:#16191f;--quiet:#545b64;--line:#d5dbdb;--back:#fff;--side:#f2f3f3;--link:#0758a5;--good:#1d6b00;--bad:#b0140a;--busy:#8a5100}
@media(prefers-color-scheme:dark){:root{--text:#e9ebed;--quiet:#a6b0ba;--line:#414d5c;--back:#0f1b2a;--side:#192534;--link:#7fc0ff;--good:#7bd65a;--bad:#ff8f87;--busy:#f5b94a}}
*{box-sizing:border-box}
body{margin:0;font:14px/1.45 system-ui,sans-serif;color:var(--text);background:var(--back);display:grid;grid-template-columns:200px minmax(0,1fr);min-height:100vh}
nav{background:var(--side);padding:16px;border-right:1px solid var(--line)}
nav p{margin:0 0 8px;font-weight:700}
nav ul{list-style:none;margin:0;padding:0}
nav a{display:block;padding:5px 8px;border-radius:6px;text-decoration:none}
nav a[aria-current]{background:var(--link);color:var(--back)}
main{padding:16px 24px 40px;min-width:0}
h1{font-size:22px;margin:0}
h2{font-size:16px;margin:24px 0 6px}
a{color:var(--link)}
table{border-collapse:collapse;width:100%}
th,td{text-align:left;padding:5px 12px 5px 0;border-bottom:1px solid var(--line);vertical-align:top}
.long{overflow-wrap:anywhere;display:inline-block;min-width:180px}
.scroll{overflow-x:auto}
.good{color:var(--good)}.bad{color:var(--bad)}.busy{color:var(--busy)}.quiet{color:var(--quiet)}
dl{display:grid;grid-template-columns:repeat(auto-fill,minmax(230px,1fr));gap:8px 20px;margin:0}
dt{color:var(--quiet)}dd{margin:0;overflow-wrap:anywhere}
pre{background:var(--side);padding:10px;overflow:auto;max-height:420px;border-radius:6px;margin:0}
form{display:flex;flex-wrap:wrap;gap:12px;align-items:end;margin:12px 0}
input,select,button{font:inherit;color:inherit;background:var(--back);border:1px solid var(--quiet);border-radius:6px;padding:4px 8px;max-width:100%}
button{cursor:pointer}
:focus-visible{outline:2px solid var(--link);outline-offset:2px}
.head{display:flex;justify-content:space-between;gap:16px;flex-wrap:wrap}
svg text{font:13px system-ui,sans-serif;fill:var(--text);text-anchor:middle}
svg .note,svg .label{font-size:11px;fill:var(--quiet)}
svg .label{paint-order:stroke;stroke:var(--back);stroke-width:4px}
.node rect{fill:var(--side);stroke:var(--line);stroke-width:1.5}
.node.good rect{stroke:var(--good);stroke-width:2.5}.node.bad rect{stroke:var(--bad);stroke-width:2.5}.node.busy rect{stroke:var(--busy);stroke-width:2.5;stroke-dasharray:5 3}
.edge path{fill:none;stroke:var(--quiet)}marker path{fill:var(--quiet)}
@media(max-width:700px){body{display:block}nav{border-right:0;border-bottom:1px solid var(--line)}main{padding:16px}}
`;

/** Reads the page anew every two seconds while that is wished for and somebody looks. */
export const script = `
const box=document.getElementById('live');
let timer;
const look=async()=>{
  if(!box.checked)return;
  if(!document.hidden&&!document.querySelector('main form :focus')){
    try{
      const page=new DOMParser().parseFromString(await(await fetch(location.href)).text(),'text/html');
      document.getElementById('content').replaceWith(page.getElementById('content'));
      document.getElementById('state').textContent='';
    }catch{document.getElementById('state').textContent='The local cloud does not answer.'}
  }
  timer=setTimeout(look,2000);
};
box.addEventListener('change',()=>{clearTimeout(timer);sessionStorage.setItem('live',box.checked?'1':'');look()});
box.checked=sessionStorage.getItem('live')==='1';
look();
`;
