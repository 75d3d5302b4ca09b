// The eye in the browser's frontend: loads what set-up built from the folder eye/, and mounts it.
//
// This file reaches the browser as a blob, so addresses are made from the page's own.

let loading = null;

export default function (component) {
  const { componentUrl, start } = component.data;
  let unmount = () => {};
  let isGone = false;
  loading ??= import(new URL(componentUrl, location.origin).href);
  loading.then(
    ({ mount }) => {
      if (!isGone) unmount = mount(component);
    },
    () => {
      loading = null; // perhaps the next start gets it
      if (start) component.setStateValue("told", { start, state: "unable", part: "component" });
    },
  );
  return () => {
    isGone = true;
    unmount();
  };
}
