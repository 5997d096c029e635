// A page that shows how far something has come goes on by itself; without JavaScript its button does.
const PAUSE = 400;

for (const form of document.querySelectorAll("form[data-continue]")) setTimeout(() => form.requestSubmit(), PAUSE);
