const script = document.currentScript;
const base = new URL('.', script.src);

// dress gives the shadow DOM its style: as a constructed sheet, which a site's
// Content-Security-Policy leaves alone, or for Safari before 16.4 as an element.
function dress(root) {
  if ('adoptedStyleSheets' in document) {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } else {
    const style = document.createElement('style');
    style.textContent = STYLE;
    root.appendChild(style);
  }
}

function firstLanguage(wish) {
  return (wish || navigator.language || 'zh').slice(0, 2) === 'zh' ? 'zh' : 'en';
}

function start() {
  if (!document.querySelector('supportbot-chat')) {
    document.body.appendChild(document.createElement('supportbot-chat'));
  }
}

if (!customElements.get('supportbot-chat')) {
  customElements.define('supportbot-chat', SupportbotChat);
  if (document.readyState === 'loading') document.addEventListener('DOMContentLoaded', start);
  else start();
}
