using Firmament.Core;

namespace Firmament.Cli.Options;

/// <summary>-action event=action[,…].</summary>
internal static class ActionOption
{
    public static void Apply(RunRequest request, string text)
    {
        OptionList list = OptionList.Parse("action", text, "panic");
        switch (list.Take("panic"))
        {
            case null:
                break;
            case "shutdown":
                (request.PanicFails, request.PanicIgnored, request.PanicPauses) = (false, false, false);
                break;
            case "exit-failure":
                (request.PanicFails, request.PanicIgnored, request.PanicPauses) = (true, false, false);
                break;
            case "pause":
                (request.PanicFails, request.PanicIgnored, request.PanicPauses) = (false, false, true);
                break;
            case "none":
                (request.PanicFails, request.PanicIgnored, request.PanicPauses) = (false, true, false);
                break;
            case { } other:
                throw new UserErrorException($"-action panic={other} is unknown; give shutdown, exit-failure, pause or none.");
        }

        switch (list.Take("reboot"))
        {
            case null:
                break;
            case "reset":
                request.NoReboot = false;
                break;
            case "shutdown":
                request.NoReboot = true;
                break;
            case { } other:
                throw new UserErrorException($"-action reboot={other} is unknown; give reset or shutdown.");
        }

        switch (list.Take("shutdown"))
        {
            case null:
                break;
            case "poweroff":
                request.NoShutdown = false;
                break;
            case "pause":
                request.NoShutdown = true;
                break;
            case { } other:
                throw new UserErrorException($"-action shutdown={other} is unknown; give poweroff or pause.");
        }

        list.Ignore("watchdog");
        list.RefuseRest();
    }
}
