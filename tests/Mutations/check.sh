#!/usr/bin/env bash
# Can the tests fail? Switches off, one at a time and in a copy, what the promises rest on, and wants the tests to notice.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

copy=$(mktemp -d)
trap 'rm -rf "$copy"' EXIT
git ls-files -z --cached --others --exclude-standard | tar --null --files-from=- -cf - | tar -xf - -C "$copy"
survived=0

# mutate NAME FILE FROM TO PROJECT CLASS: replaces one line's text and runs one class of tests.
mutate() {
    local name=$1 file=$copy/$2 from=$3 to=$4 project=$5 class=$6
    cp "$file" "$file.kept"
    FROM=$from TO=$to perl -0pi -e 's/\Q$ENV{FROM}\E/$ENV{TO}/' "$file"
    if cmp -s "$file" "$file.kept"; then
        echo "mutation '$name': its text is not in $2 any more; bring tests/Mutations/check.sh up to date" >&2
        exit 1
    fi
    dotnet build "$copy/$project" -c Debug -nologo -v quiet -clp:NoSummary -p:TreatWarningsAsErrors=false -p:WarningLevel=0 -p:RunAnalyzers=false >"$copy/build.log" 2>&1 || { cat "$copy/build.log" >&2; exit 1; }
    if timeout 180 dotnet run --project "$copy/$project" -c Debug --no-build -- -class "$class" >"$copy/test.log" 2>&1; then
        echo "mutation '$name' SURVIVED: $class passes without it" >&2
        survived=1
    else
        grep -qE "Failed: [1-9]" "$copy/test.log" || { tail -n 20 "$copy/test.log" >&2; exit 1; }
        echo "mutation '$name' was noticed by $class" >&2
    fi
    mv "$file.kept" "$file"
    touch "$file"
}

mutate "no fencing of attempts" grains/Tasks/TaskRules.cs \
    'TaskState.Running => task.Current == attempt,' 'TaskState.Running => true,' \
    tests/Unit MorningAI.Tests.Unit.Tasks.TaskRulesTests
mutate "no replay of the journal" grains/Storage/TagStream.cs \
    '_mode = Mode.CatchingUp;
            Wake' '_mode = Mode.Live;
            Wake' \
    tests/Unit MorningAI.Tests.Unit.Storage.Model.StorageModelTests
mutate "an acknowledged end does not win" grains/Storage/TagStream.CatchingUp.cs \
    'Acknowledged = e.Acknowledged || e.Seq <= _lastForgotten' 'Acknowledged = false' \
    tests/Unit MorningAI.Tests.Unit.Storage.Model.StorageModelTests
mutate "an end that nobody was told of wins" grains/Storage/TagStream.CatchingUp.cs \
    'Acknowledged = e.Acknowledged || e.Seq <= _lastForgotten' 'Acknowledged = true' \
    tests/Unit MorningAI.Tests.Unit.Storage.TagStreamTests
mutate "what the store refused in a silo's last moments comes back" grains/Storage/TagStream.CatchingUp.cs \
    'if (HasGivenWay(entry.Write, there))' 'if (entry.Seq < 0 && HasGivenWay(entry.Write, there))' \
    tests/Unit MorningAI.Tests.Unit.Storage.TagStreamTests
mutate "a batch goes ahead of the one before it" grains/Storage/TagStream.Sending.cs \
    'follows = _inFlight == 0 ? _cursor : _lastSent' 'follows = _cursor' \
    tests/Unit MorningAI.Tests.Unit.Storage.TagStreamTests
mutate "what the store has just confirmed is not put back" grains/Storage/TagStream.CatchingUp.cs \
    'await _journal.WhenSettled(confirmed).ConfigureAwait(false);' '' \
    tests/Unit MorningAI.Tests.Unit.Storage.TagStreamTests
mutate "what the disk refused and the store has is not found" grains/Storage/Journaling/PendingWork.cs \
    'found.Add(missed);' 'found.Remove(missed);' \
    tests/Unit MorningAI.Tests.Unit.Storage.Journaling.JournalDiskTests
mutate "an acknowledged end of a silo that leaves does not win" grains/Storage/TagStream.Sending.cs \
    '{ Acknowledged = p.Write.IsAcknowledged }' '' \
    tests/Unit MorningAI.Tests.Unit.Storage.TagStreamTests
mutate "a silo that leaves takes with it what it did" grains/Storage/DurableRecords.Upkeep.cs \
    'newer.Add(HandedRecord.Of(mine, confirmed));' '' \
    tests/Cluster MorningAI.Tests.Cluster.KeptRecordsTests
mutate "what the store confirms outlives no crash" grains/Storage/TagStream.Sending.cs \
    '_journal.Secure(entries);' '' \
    tests/Unit MorningAI.Tests.Unit.Storage.TagStreamTests
mutate "a task's grain does not take over what a worker has begun" grains/Workers/AttemptRunner.Direct.cs \
    '_handedOver.Add(id);' 'return null;' \
    tests/Unit MorningAI.Tests.Unit.Workers.AttemptRunnerTests
mutate "no gap check" grains/Storage/ApplyRecords.lua \
    'if cursor ~= ARGV[1] then' 'if false then' \
    tests/Cluster MorningAI.Tests.Cluster.RedisRecordsTests
mutate "no gap check for new ones" grains/Storage/CreateRecords.lua \
    'if cursor ~= ARGV[1] then' 'if false then' \
    tests/Cluster MorningAI.Tests.Cluster.RedisRecordsTests
mutate "what has ended goes on" grains/Storage/ApplyRecords.lua \
    "local undoes = stored and" 'local undoes = false and' \
    tests/Cluster MorningAI.Tests.Cluster.RedisRecordsTests
mutate "no conflict between writers" grains/Storage/ApplyRecords.lua \
    'elseif stored > tonumber(ARGV[a + 1]) or' 'elseif' \
    tests/Cluster MorningAI.Tests.Cluster.RedisRecordsTests
mutate "whoever is called dead goes on" grains/Storage/ApplyRecords.lua \
    "and isFenced() then" "and false then" \
    tests/Cluster MorningAI.Tests.Cluster.RedisRecordsTests
mutate "an older reminder replaces a newer" grains/Cluster/Reminders/PutReminders.lua \
    'if stamp(prefix, member) > newest then' 'if true then' \
    tests/Cluster MorningAI.Tests.Cluster.RedisReminderRowsTests
mutate "a lost reminder is not put back" grains/Cluster/Reminders/ReminderHealing.cs \
    '(IsExpired(row) ? expired : lacking).Add(row);' 'expired.Add(row);' \
    tests/Unit MorningAI.Tests.Unit.Cluster.Reminders.DurableReminderTableTests
mutate "a limit lets everything through" grains/Limits/Permits.cs \
    'if (_given.Count >= _concurrency ||' 'if (' \
    tests/Unit MorningAI.Tests.Unit.Limits.PermitsTests
mutate "a paused queue goes on" grains/Queues/QueuePartitionGrain.Dispatch.cs \
    'if (!_rebuilt || IsPaused)' 'if (!_rebuilt)' \
    tests/Unit MorningAI.Tests.Unit.Queues.QueuePartitionGrainTests
mutate "whoever answers for a dead silo's worker is believed" grains/Queues/QueuePartitionGrain.Meeting.cs \
    'if (_cluster.IsGone(worker.Host))' 'if (false)' \
    tests/Unit MorningAI.Tests.Unit.Queues.QueuePartitionGrainTests
mutate "a release that a queue never heard of is not found out" grains/Queues/QueuePartitionGrain.Meeting.cs \
    'link.AskedAt >= _options.Sweep' 'link.AskedAt >= TimeSpan.MaxValue' \
    tests/Unit MorningAI.Tests.Unit.Queues.QueuePartitionGrainTests
mutate "a repeated submit counts as new" client/MorningAI.Client/Submitting/BatchSender.cs \
    'with { IsNew = false }' 'with { IsNew = true }' \
    tests/Unit MorningAI.Tests.Unit.Client.SubmitPumpTests

exit "$survived"
