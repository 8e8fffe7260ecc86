{% load static %}// Shows what is pushed to this phone, and opens the app when it is tapped. It keeps nothing.
const icon = "{% static 'icons/icon-192.png' %}";
// Drawn by its alpha alone: one colour on nothing, or a phone shows a pale block.
const badge = "{% static 'icons/badge-96.png' %}";

function read(data) {
  try {
    return data ? data.json() : {};
  } catch {
    return {};
  }
}

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));

self.addEventListener("push", (event) => {
  const { title = "Hi First", tag } = read(event.data);
  // A second copy of the same reminder takes the place of the first, without another sound.
  event.waitUntil(self.registration.showNotification(title, { tag, icon, badge }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  event.waitUntil(
    (async () => {
      const open = await self.clients.matchAll({ type: "window" });
      return open.length ? open[0].focus() : self.clients.openWindow("/");
    })(),
  );
});
