// Starts the preview window.
import "../../styles/tokens.css";
import "../../styles/base.css";
import { mount } from "svelte";
import { CardController } from "../../features/card/cardController.svelte";
import { followAppearance } from "../../ipc/appearance";
import { connect } from "../../ipc/shell";
import { markPainted } from "../../shared/painted";
import App from "./App.svelte";

const shell = connect("preview");
const controller = new CardController(shell);
const target = document.getElementById("app");
if (target) mount(App, { target, props: { shell, controller } });
void markPainted(followAppearance(shell), controller.start());
