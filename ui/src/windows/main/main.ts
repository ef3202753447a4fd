// Starts the main window.
import "../../styles/tokens.css";
import "../../styles/base.css";
import { mount } from "svelte";
import { ConfigController } from "../../features/configuration/configController.svelte";
import { followAppearance } from "../../ipc/appearance";
import { connect } from "../../ipc/shell";
import { markPainted } from "../../shared/painted";
import App from "./App.svelte";

const shell = connect("main");
const controller = new ConfigController(shell);
const target = document.getElementById("app");
if (target) mount(App, { target, props: { controller } });
void markPainted(followAppearance(shell), controller.start());
